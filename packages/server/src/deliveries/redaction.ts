/**
 * Keeps secrets out of what is stored of an exchange. Every custom header counts as secret. A receiver may echo what
 * it was sent, so answers are searched for the values too, in the forms that programs commonly print them in.
 */
import { secretsOf } from '../endpoint-auth/authentication.ts'
import type { WebhookTarget } from '../webhooks/webhook.ts'
import type { HeaderLine } from './delivery-request.ts'

/** Stands for a value that is not shown. */
export const mask = '••••••'

// Shorter values are found in innocent text by chance; taking them out would garble answers and protect little.
const shortestRedacted = 6

export type Redaction = {
  /** The headers as they may be stored: custom ones with masked values. */
  requestHeaders(headers: readonly HeaderLine[]): [string, string][]
  /** Text of the answer without the secrets. */
  text(text: string): string
  /** Bytes of the answer without the secrets. */
  bytes(bytes: Uint8Array): Uint8Array
}

/**
 * Knows the secrets of one webhook, and `more` that were made for one attempt: values of headers such as tokens and
 * signatures.
 */
export function redactionFor(target: WebhookTarget, more: readonly string[]): Redaction {
  const custom = new Set(target.headers.map(({ name }) => name.toLowerCase()))
  const made = new Set(more)
  let needles: string[] | null = null
  const secrets = () => {
    needles ??= more.length === 0 ? knownForms(target) : secretForms(target, more)
    return needles
  }
  // Latin-1 keeps every byte as one character, so that bytes which are not UTF-8 survive.
  const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
  return {
    requestHeaders: (headers) =>
      headers.map(([name, value]) => [
        name,
        custom.has(name.toLowerCase()) || made.has(value) ? mask : value,
      ]),
    text: (text) => replaceAll(text, secrets(), mask),
    bytes(bytes) {
      if (bytes.length === 0) return bytes
      const before = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
      const after = replaceAll(before, secrets().map(latin1), latin1(mask))
      return after === before ? bytes : Buffer.from(after, 'latin1')
    },
  }
}

function replaceAll(text: string, needles: readonly string[], by: string): string {
  let result = text
  for (const needle of needles) if (result.includes(needle)) result = result.replaceAll(needle, by)
  return result
}

/** A webhook is the same object for every delivery until it is read anew. */
const formsOfTargets = new WeakMap<WebhookTarget, string[]>()

function knownForms(target: WebhookTarget): string[] {
  let forms = formsOfTargets.get(target)
  if (!forms) {
    forms = secretForms(target, [])
    formsOfTargets.set(target, forms)
  }
  return forms
}

/** Each secret plain and in base64, hex, URL and JSON form; the longest first, so that no remainder stays. */
function secretForms({ headers, settings, signingKeys }: WebhookTarget, more: readonly string[]): string[] {
  const sent = [...headers.map(({ value }) => value), ...more]
  const key = settings.clientCertificate?.privateKey
  // Of a header such as `Bearer …` the part behind the scheme is the secret.
  const values = [...sent, ...sent.map((value) => value.slice(value.indexOf(' ') + 1))].concat(
    secretsOf(settings.authentication),
    key ? [key] : [],
  )
  const signing = [...signingKeys.secrets, ...signingKeys.privateKeys].flatMap((secret) => {
    const bytes = Buffer.from(secret)
    return [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')]
  })
  const forms = values
    .filter((value) => value.length >= shortestRedacted)
    .flatMap((value) => {
      const bytes = Buffer.from(value)
      return [
        value,
        bytes.toString('base64'),
        bytes.toString('base64').replace(/=+$/, ''),
        bytes.toString('base64url'),
        bytes.toString('hex'),
        bytes.toString('hex').toUpperCase(),
        encodeURIComponent(value),
        JSON.stringify(value).slice(1, -1),
      ]
    })
  return [...new Set([...forms, ...signing])].sort((a, b) => b.length - a.length)
}
