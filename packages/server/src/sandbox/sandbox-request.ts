/** What the sandbox receiver remembers of a request: fit to be shown, with its signature checked. */
import type { IncomingMessage } from 'node:http'
import type { SandboxRead } from '@keyhook/contract/api/sandbox.ts'
import { verify } from '@keyhook/contract/signature.ts'
import type { Clock } from '../lib/clock.ts'
import { newId } from '../lib/ids.ts'
import { behaviourAt, type SandboxAnswer } from './behaviour.ts'

export type SandboxRequest = SandboxRead['requests'][number]

export type Senders = {
  /** The keys that sign a delivery in flight; null when it is not ours. */
  readonly signingSecretsOf: (deliveryId: string) => readonly Uint8Array[] | null
  readonly clock: Clock
}

const mask = '••••••'
const shownBodyBytes = 65_536
const maxShownWord = 200

/**
 * Headers that Keyhook or the HTTP client sets and no webhook can: their values are no secrets. Any other value may be
 * a credential that someone tries out here.
 */
const shownHeaders =
  /^(?:webhook-(?:id|timestamp|signature)|keyhook-.+|host|connection|content-length|content-type|accept-encoding|user-agent|traceparent)$/

/** Describes a request that came in completely. Reads the clock once and the secrets of the sender, if it is known. */
export function describeRequest(
  senders: Senders,
  request: IncomingMessage,
  body: Buffer,
  answer: SandboxAnswer,
): SandboxRequest {
  const now = senders.clock()
  const path = pathOf(request)
  return {
    id: newId('sbx', now),
    received_at: new Date(now).toISOString(),
    behaviour: behaviourAt(path)?.id ?? path.slice(0, maxShownWord),
    webhook_type: headerOf(request, 'keyhook-webhook-type')?.slice(0, maxShownWord) ?? null,
    delivery_id: headerOf(request, 'webhook-id')?.slice(0, maxShownWord) ?? null,
    signature: signatureOf(senders, request, body, now),
    headers: headerLines(request),
    body: shownBody(body),
    answered: inWords(answer),
  }
}

/** The path without the query, where tokens may be. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/[?#].*$/s, '')
}

function headerLines({ rawHeaders }: IncomingMessage): SandboxRequest['headers'] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => {
    const name = rawHeaders[2 * index] ?? ''
    const value = rawHeaders[2 * index + 1] ?? ''
    return { name, value: isShown(name.toLowerCase(), value) ? value : mask }
  })
}

/** `accept` may be a custom header too: shown is what Keyhook itself sends. */
function isShown(name: string, value: string): boolean {
  return shownHeaders.test(name) || (name === 'accept' && value === 'application/json')
}

function signatureOf(
  { signingSecretsOf }: Senders,
  request: IncomingMessage,
  body: Buffer,
  now: number,
): SandboxRequest['signature'] {
  const id = headerOf(request, 'webhook-id')
  const signature = headerOf(request, 'webhook-signature')
  if (!id || !signature) return 'missing'
  const keys = signingSecretsOf(id)
  if (!keys) return 'unknown_sender'
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': headerOf(request, 'webhook-timestamp') ?? undefined,
    'webhook-signature': signature,
  }
  return verify(keys, headers, body, Math.floor(now / 1000)).ok ? 'valid' : 'invalid'
}

/** For people: what is not UTF-8 shows as U+FFFD. */
function shownBody(body: Buffer): string {
  if (body.length <= shownBodyBytes) return new TextDecoder().decode(body)
  const start = new TextDecoder().decode(body.subarray(0, shownBodyBytes), { stream: true })
  return `${start}… (${shownBodyBytes} of ${body.length} bytes)`
}

function inWords(answer: SandboxAnswer): string {
  if (answer.do === 'drop') return 'closed the connection'
  if (answer.do === 'hang') return 'nothing'
  const { status, headers, body, afterMs } = answer
  const what = [String(status), headers?.location ? `to ${headers.location}` : '', body ?? '']
  const words = what.filter((word) => word !== '').join(' ')
  return afterMs === undefined ? words : `${words} after ${afterMs / 1000} s`
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name]
  return typeof value === 'string' ? value : null
}
