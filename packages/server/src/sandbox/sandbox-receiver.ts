/**
 * A receiver for people who have none yet: a real HTTP server on a loopback port of its own that answers in the way
 * its endpoint URL names and remembers what it got. On in the try-it profile, off otherwise.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SandboxRead } from '@keyhook/contract/api/sandbox.ts'
import { verify } from '@keyhook/contract/signature.ts'
import { type WebhookType, webhookTypes } from '@keyhook/contract/webhook-type.ts'
import type { Clock } from '../lib/clock.ts'
import { newId } from '../lib/ids.ts'
import { type Behaviour, behaviours, type SandboxAnswer } from './behaviour.ts'

export type SandboxRequest = SandboxRead['requests'][number]

export type SandboxReceiver = {
  readonly url: string
  /** The last ones, the newest first. */
  requests(): SandboxRequest[]
  clear(): void
  close(): Promise<void>
}

export type SandboxOptions = {
  host: string
  /** Taken if it is free, so that saved endpoint URLs work again after a restart; otherwise any. */
  port: number
  /** Those of a delivery in flight; null when it is not ours. */
  signingSecretsOf: (deliveryId: string) => readonly Uint8Array[] | null
  clock: Clock
}

const remembered = 50
const maxBodyBytes = 1_048_576
const shownBodyBytes = 65_536
const hangMs = 90_000
// Values of other headers may be credentials that someone tries out here.
const shownHeaders = /^(content-|user-agent$|accept|host$|connection$|webhook-|keyhook-|traceparent$)/

export async function startSandbox(options: SandboxOptions): Promise<SandboxReceiver> {
  const requests: SandboxRequest[] = []
  const timers = new Set<NodeJS.Timeout>()

  function later(afterMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, afterMs)
    timers.add(timer)
  }

  const server = createServer((request, response) => {
    readBody(request, (body) => {
      const behaviour = behaviours.find(({ id }) => `/${id}` === request.url)
      const type = typeOf(request)
      const answer = behaviour?.answer(type) ?? unknownAddress
      requests.unshift(describe(options, request, body, behaviour, answer))
      requests.length = Math.min(requests.length, remembered)
      carryOut(answer, response, later)
    })
  })
  await listen(server, options)
  const url = `http://${options.host}:${(server.address() as AddressInfo).port}`
  return {
    url,
    requests: () => [...requests],
    clear: () => {
      requests.length = 0
    },
    close: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearTimeout(timer)
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const unknownAddress: SandboxAnswer = {
  do: 'answer',
  status: 404,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error: 'The sandbox has no such endpoint URL.' }),
}

function carryOut(
  answer: SandboxAnswer,
  response: ServerResponse,
  later: (ms: number, run: () => void) => void,
): void {
  if (answer.do === 'drop') {
    response.destroy()
  } else if (answer.do === 'hang') {
    later(hangMs, () => response.destroy())
  } else {
    const { status, headers = {}, body, afterMs } = answer
    const send = () => response.writeHead(status, headers).end(body)
    if (afterMs === undefined) send()
    else later(afterMs, send)
  }
}

function describe(
  options: SandboxOptions,
  request: IncomingMessage,
  body: Buffer,
  behaviour: Behaviour | undefined,
  answer: SandboxAnswer,
): SandboxRequest {
  const now = options.clock()
  const deliveryId = headerOf(request, 'webhook-id')
  const lines = Array.from({ length: request.rawHeaders.length / 2 }, (_, index) => {
    const name = request.rawHeaders[2 * index] ?? ''
    const value = request.rawHeaders[2 * index + 1] ?? ''
    return { name, value: shownHeaders.test(name.toLowerCase()) ? value : '••••••' }
  })
  return {
    id: newId('sbx', now),
    received_at: new Date(now).toISOString(),
    behaviour: behaviour?.id ?? request.url ?? '',
    webhook_type: headerOf(request, 'keyhook-webhook-type'),
    delivery_id: deliveryId,
    signature: signatureOf(options, request, body, now),
    headers: lines,
    body: new TextDecoder().decode(body.subarray(0, shownBodyBytes)),
    answered: inWords(answer),
  }
}

function signatureOf(
  { signingSecretsOf }: SandboxOptions,
  request: IncomingMessage,
  body: Buffer,
  now: number,
): SandboxRequest['signature'] {
  const headers = {
    'webhook-id': headerOf(request, 'webhook-id') ?? undefined,
    'webhook-timestamp': headerOf(request, 'webhook-timestamp') ?? undefined,
    'webhook-signature': headerOf(request, 'webhook-signature') ?? undefined,
  }
  if (!headers['webhook-signature'] || !headers['webhook-id']) return 'missing'
  const secrets = signingSecretsOf(headers['webhook-id'])
  if (!secrets) return 'unknown_sender'
  return verify(secrets, headers, body, Math.floor(now / 1000)).ok ? 'valid' : 'invalid'
}

function inWords(answer: SandboxAnswer): string {
  if (answer.do === 'drop') return 'Closed the connection'
  if (answer.do === 'hang') return 'No answer'
  const what = answer.body === undefined ? `${answer.status}` : `${answer.status} ${answer.body}`
  return answer.afterMs === undefined ? what : `${what} after ${answer.afterMs / 1000} s`
}

function typeOf(request: IncomingMessage): WebhookType | null {
  const name = headerOf(request, 'keyhook-webhook-type')
  return webhookTypes.find((type) => type === name) ?? null
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name]
  return typeof value === 'string' ? value : null
}

/** Calls back with the body; a request that is too large is cut off. */
function readBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  request.on('error', () => {})
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > maxBodyBytes * 2) request.destroy()
    else chunks.push(chunk)
  })
  request.on('end', () => done(Buffer.concat(chunks)))
}

async function listen(server: Server, { host, port }: SandboxOptions): Promise<void> {
  const on = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, host, () => {
        server.removeListener('error', reject)
        resolve()
      })
    })
  await on(port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error
    return on(0)
  })
}
