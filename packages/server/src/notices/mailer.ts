/** Mail by SMTP. */
import { createHash } from 'node:crypto'
import { showText } from '@keyhook/contract/show-text.ts'
import { createTransport } from 'nodemailer'
import type { Config } from '../config.ts'
import type { RenderedNotice } from './notice-text.ts'
import type { Sent } from './sent.ts'

export type Mailer = {
  /** Never throws. `id` stays the same when the same notice is sent again. */
  send(
    to: { name: string; address: string },
    notice: Pick<RenderedNotice, 'subject' | 'text' | 'html'>,
    id: string,
  ): Promise<Sent>
  /** Ends what is under way. */
  close(): void
}

/** For each step of a conversation, and for one mail as a whole. */
const stepMs = 20_000
const mailMs = 60_000
const maxDetailLength = 500

/** null: no mail is set up. */
export function createMailer(config: Config['mail'], shutdown: AbortSignal): Mailer | null {
  if (config === null) return null
  const { url, from } = config
  const transport = createTransport({
    ...smtpOptions(url),
    pool: true,
    maxConnections: 4,
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    // A notice never reads a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = /@([^>\s]+)>?$/.exec(from)?.[1] ?? 'keyhook'
  return {
    async send({ name, address }, { subject, text, html }, id) {
      try {
        const { response } = await transport.sendMail({
          from,
          to: { name: showText(name, 200), address },
          subject,
          text,
          html,
          messageId: `<${createHash('sha256').update(id).digest('hex').slice(0, 32)}@${domain}>`,
          // Nobody's absence is answered to this address (RFC 3834).
          headers: { 'auto-submitted': 'auto-generated' },
          signal: AbortSignal.any([shutdown, AbortSignal.timeout(mailMs)]),
        })
        return { ok: true, detail: showText(response ?? 'Accepted', maxDetailLength) }
      } catch (error) {
        return failed(error as SmtpError)
      }
    },
    close: () => transport.close({ force: true }),
  }
}

function smtpOptions(url: URL) {
  const secure = url.protocol === 'smtps:'
  const user = decodeURIComponent(url.username)
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // Passwords go over TLS only.
    requireTLS: !secure && user !== '',
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
  }
}

type SmtpError = Error & { code?: string; command?: string; response?: string; permanent?: boolean }

/** Refused for this recipient, or this mail? Everything else is about the server, and may be better later. */
function failed({ code, command, response, permanent, message }: SmtpError): Sent {
  const aboutMail = (code === 'EENVELOPE' || code === 'EMESSAGE') && command !== 'MAIL FROM'
  const detail = response === undefined ? message : `The mail server answered: ${response}`
  return {
    ok: false,
    detail: showText(detail, maxDetailLength),
    fault: aboutMail ? 'notice' : 'destination',
    final: aboutMail && permanent === true,
  }
}
