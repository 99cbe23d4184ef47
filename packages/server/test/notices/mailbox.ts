/** A real SMTP server on 127.0.0.1 whose mail is read. What it refuses can be changed, and it can be down for a while. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { onTestFinished } from 'vitest'
import { type Mail, readMail } from './mail-reader.ts'

/** What is answered in the place of taking it. */
export type Refusal = { code: number; text: string; at: 'recipient' | 'message' }

export type Received = Mail & { to: string; secure: boolean; user: string | null }

export type Mailbox = {
  readonly port: number
  /** What came for an address. */
  of(address: string): Received[]
  /** What is refused from now on, by recipient; null: nothing. */
  refuse(next: ((to: string) => Refusal | null) | null): void
  /** Runs when a message is there, before it is taken. */
  beforeTaking(next: (to: string) => Promise<void>): void
  /** Nobody listens any more, until `up`. */
  down(): Promise<void>
  up(): Promise<void>
}

export async function openMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const received: Received[] = []
  let refusal: (to: string) => Refusal | null = () => null
  let hook: (to: string) => Promise<void> = async () => {}
  const errorOf = (to: string, at: Refusal['at']): Error | null => {
    const refused = refusal(to)
    return refused?.at === at ? Object.assign(new Error(refused.text), { responseCode: refused.code }) : null
  }
  let server: SMTPServer | null = null
  const listen = async (port: number): Promise<number> => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: options.key ? [] : ['STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 1,
      onRcptTo: ({ address }, _session, done) => done(errorOf(address, 'recipient')),
      onData(stream, { envelope, secure, user }, done) {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', async () => {
          const to = envelope.rcptTo.map(({ address }) => address).join(', ')
          await hook(to)
          const error = errorOf(to, 'message')
          if (!error) received.push({ ...readMail(Buffer.concat(chunks)), to, secure, user: user ?? null })
          done(error)
        })
      },
      ...options,
    })
    // Clients that hang up in the middle are part of some tests.
    server.on('error', () => {})
    server.listen(port, '127.0.0.1')
    await once(server.server, 'listening')
    return (server.server.address() as AddressInfo).port
  }
  const port = await listen(0)
  return {
    port,
    of: (address) => received.filter(({ to }) => to === address),
    refuse(next) {
      refusal = next ?? (() => null)
    },
    beforeTaking(next) {
      hook = next
    },
    down: () =>
      new Promise((resolve) => {
        if (server) server.close(() => resolve())
        else resolve()
        server = null
      }),
    async up() {
      if (server === null) await listen(port)
    },
  }
}

/** Closed when the test ends. */
export async function mailboxForTest(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mailbox = await openMailbox(options)
  onTestFinished(mailbox.down)
  return mailbox
}
