/** From what went wrong, whatever it was, to the failure that is recorded and shown. */
import { maxHeaderBytes } from './answer-limits.ts'
import { ConnectionEnded } from './connection.ts'
import { Expired, type Phase } from './deadline.ts'
import { DialFailed } from './dial-failed.ts'
import { dialFailure, refusesClient, tlsFailure } from './dial-findings.ts'
import { ExchangeFailed, type Failure } from './failure.ts'

export type Situation = {
  /** Host and port. */
  readonly at: string
  readonly phase: Phase
  readonly limitMs: number
  readonly secure: boolean
  /** The connection was kept from an earlier exchange. */
  readonly reused: boolean
  readonly bodyBytes: number
}

export function describeFailure(error: unknown, situation: Situation): Failure {
  if (error instanceof ExchangeFailed) return error.failure
  if (error instanceof Expired) return error.cancelled ? interrupted() : timedOut(situation)
  if (error instanceof DialFailed) return dialFailure(error, situation.at)
  if (error instanceof ConnectionEnded) return endedEarly(situation)
  const { code, message } = parts(error)
  if (endedCodes.has(code) || /Invalid EOF state/.test(message)) return endedEarly(situation)
  // Also what the parser says of a content-length that is not a number.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return situation.phase === 'body'
      ? endedEarly(situation)
      : notHttp(situation.at, 'the length of its body cannot be told from its headers')
  }
  if (code === 'UND_ERR_SOCKET') return /^bad/.test(message) ? unasked(situation) : endedEarly(situation)
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return headersTooLarge()
  if (/^ERR_SSL_|^ERR_TLS_/.test(code)) {
    return refusesClient(code) || !sendingPhases.has(situation.phase)
      ? tlsFailure(code, situation.at)
      : brokenTls(code, situation.at)
  }
  return notHttp(situation.at, /\((.*)\)/.exec(message)?.[1] ?? (code || message))
}

/** The other side, or something in between, ended the connection before the answer was complete. */
const endedCodes: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'])

function parts(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : '', message: error.message }
}

function timedOut({ at, phase, limitMs, bodyBytes }: Situation): Failure {
  const where: Record<Phase, string> = {
    slot: `all connections to ${at} were in use`,
    dns: `the address of ${at} was still being looked up`,
    connect: `${at} had not accepted the connection`,
    tls: `the TLS handshake with ${at} was not complete`,
    send: `${at} had not taken the whole request`,
    first_byte: `${at} took the request and sent no answer`,
    headers: `${at} had begun to answer, but the headers were not complete`,
    body: `the body of the answer was still coming, ${bodyBytes} bytes so far`,
  }
  const advice: Partial<Record<Phase, string>> = {
    slot: 'The endpoint is slower than requests come in. Make it faster, or raise the time limit.',
    dns: 'Check the DNS servers of the domain and of the machine that Keyhook runs on.',
    connect: 'Check host and port, and whether a firewall drops the connection.',
    tls: 'Check what listens at this port.',
  }
  return {
    reason: 'timeout',
    finding: `There was no complete answer within ${duration(limitMs)}: ${where[phase]}.`,
    advice: advice[phase] ?? 'Make the endpoint answer sooner, or raise the time limit of the webhook.',
  }
}

function endedEarly({ at, phase, secure, reused, bodyBytes }: Situation): Failure {
  if (phase === 'body') {
    return {
      reason: 'connection',
      finding: `The connection to ${at} ended in the middle of the answer, after ${bodyBytes} bytes of the body.`,
      advice:
        'Check that the endpoint sends as many bytes as its content-length says, and ends chunked bodies.',
    }
  }
  if (phase === 'headers') {
    return {
      reason: 'connection',
      finding: `The connection to ${at} ended before the headers of the answer were complete.`,
      advice: 'Check the log of the receiver for a crash.',
    }
  }
  return {
    reason: 'connection',
    finding: `${at} closed the connection without an answer${reused ? ' (one that was kept from an earlier call)' : ''}.`,
    // TLS 1.3 asks for a client certificate without waiting for it: refusal looks like this.
    advice: `Check the log of the receiver${secure && !reused ? ', and whether it wants a client certificate' : ''}. It may or may not have acted on the request.`,
  }
}

/** From the first byte of the request on. */
const sendingPhases: ReadonlySet<Phase> = new Set(['send', 'first_byte', 'headers', 'body'])

/** After the handshake: not `tls`, which says that nothing was sent. */
function brokenTls(code: string, at: string): Failure {
  return {
    reason: 'connection',
    finding: `${at} sent a broken TLS record (${code}).`,
    advice:
      'Check what stands between Keyhook and the receiver, and the log of the receiver. It may or may not have acted on the request.',
  }
}

function unasked({ at, phase }: Situation): Failure {
  return {
    reason: 'protocol',
    finding:
      phase === 'headers'
        ? `${at} wanted to go on in another protocol (100 Continue or an upgrade), which was not asked for.`
        : `${at} sent bytes before it was asked.`,
    advice: 'Answer the request with one HTTP/1.1 response.',
  }
}

function headersTooLarge(): Failure {
  return {
    reason: 'protocol',
    finding: `The headers of the answer have more than ${maxHeaderBytes} bytes (16 KiB) together.`,
    advice: 'Send fewer or shorter headers; cookies are of no use here.',
  }
}

function notHttp(at: string, detail: string): Failure {
  return {
    reason: 'protocol',
    finding: `What ${at} sent is not a valid HTTP/1.1 response: ${detail}.`,
    advice: 'Check that an HTTP server listens there, and that the URL’s scheme (http or https) is right.',
  }
}

function interrupted(): Failure {
  return { reason: 'interrupted', finding: 'The call was stopped before there was an answer.' }
}

/** 800 ms, 15 s, 2.5 s. */
/** What is left of a time limit has fractions that nobody wants to read. */
function duration(ms: number): string {
  const rounded = ms < 100 ? Math.round(ms) : Math.round(ms / 10) * 10
  return rounded < 1000 ? `${rounded} ms` : `${rounded / 1000} s`
}
