/** Mail by SMTP. */
import { createHash } from 'node:crypto'
import { createTransport, type Transporter } from 'nodemailer'
import type { Config } from '../config.ts'
import type { RenderedNotice } from './notice-text.ts'

export type Sent =
  | { readonly ok: true; readonly detail: string }
  | { readonly ok: false; readonly detail: string; readonly final: boolean }

export type Mailer = {
  /** Never throws. `id` stays the same when the same notice is sent again. */
  send(to: { name: string; address: string }, notice: RenderedNotice, id: string): Promise<Sent>
  close(): void
}

const timeoutMs = 20_000

/** null: no mail is set up. */
export function createMailer(config: Config['mail']): Mailer | null {
  if (config === null) return null
  const { url, from } = config
  const transport: Transporter = createTransport({
    ...smtpOptions(url),
    pool: true,
    maxConnections: 4,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A notice never reads a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = /@([^>\s]+)>?$/.exec(from)?.[1] ?? 'keyhook'
  return {
    async send({ name, address }, { subject, text, html }, id) {
      try {
        const info = (await transport.sendMail({
          from,
          to: { name: name.replace(/[\r\n]/g, ' '), address },
          subject,
          text,
          html,
          messageId: `<${createHash('sha256').update(id).digest('hex').slice(0, 32)}@${domain}>`,
          headers: { 'auto-submitted': 'auto-generated' },
        })) as { response?: string }
        return { ok: true, detail: info.response ?? 'Accepted' }
      } catch (error) {
        return failed(error)
      }
    },
    close: () => transport.close(),
  }
}

function smtpOptions(url: URL) {
  const secure = url.protocol === 'smtps:'
  const user = decodeURIComponent(url.username)
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // Passwords go over TLS only; a server without it on this machine is for trying.
    requireTLS: !secure && user !== '',
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
  }
}

/** 5xx about the mail itself is final (RFC 5321, 4.2.1); everything else may go better later. */
function failed(error: unknown): Sent {
  const { responseCode, response, code, message } = error as {
    responseCode?: number
    response?: string
    code?: string
    message?: string
  }
  const aboutMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  const final = aboutMail && responseCode !== undefined && responseCode >= 500
  const detail = response ?? (code === 'EAUTH' ? 'The mail server refused the user or password.' : message)
  return { ok: false, detail: String(detail ?? 'It could not be sent.').slice(0, 500), final }
}
