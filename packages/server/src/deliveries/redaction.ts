/**
 * Keeps secrets out of what is stored of an exchange. Every custom header counts as secret. A receiver may echo what
 * it was sent, so answers are searched for the values too, in the forms that programs print them in.
 */
import { storedBodyBytes } from '@keyhook/contract/api/delivery.ts'
import { secretsOf } from '../endpoint-auth/authentication.ts'
import { createSecretMask, mask, type SecretMask } from '../lib/secret-mask.ts'
import type { WebhookTarget } from '../webhooks/webhook.ts'
import type { HeaderLine } from './delivery-request.ts'

/** A secret that begins before the end of what is kept is looked for in so much more, to be found as a whole. */
const lookedAtBytes = 2 * storedBodyBytes

export type Redaction = {
  /** The headers as they may be stored: custom ones with masked values. */
  requestHeaders(headers: readonly HeaderLine[]): [string, string][]
  /** Text of the answer without the secrets. To be used before a text is cut, as half a secret is not found. */
  text: (text: string) => string
  /** So much of the answer's body as is kept, without the secrets. `isCut`: more of it came or was to come. */
  body(bytes: Uint8Array, isCut: boolean): Uint8Array
}

/**
 * Knows the secrets of one webhook, and `more`: those that were made for one attempt, such as the values of headers with
 * tokens and signatures, or that were sent earlier. null: the webhook is gone.
 */
export function redactionFor(target: WebhookTarget | null, more: readonly string[]): Redaction {
  const custom = new Set(target?.headers.map(({ name }) => name.toLowerCase()))
  const made = new Set(more)
  let masks: SecretMask[] | null = null
  const withoutSecrets: SecretMask = (text, isCut) => {
    masks ??= [...(target ? [knownMask(target)] : []), createSecretMask(withoutSchemes(more))]
    return masks.reduce((before, maskIn) => maskIn(before, isCut), text)
  }
  return {
    requestHeaders: (headers) =>
      headers.map(([name, value]) => [
        name,
        custom.has(name.toLowerCase()) || made.has(value) ? mask : value,
      ]),
    text: (text) => withoutSecrets(text),
    body(bytes, isCut) {
      if (bytes.length === 0) return bytes
      const looked = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, lookedAtBytes))
      // Latin-1 keeps every byte as one character, so that bytes which are not UTF-8 survive.
      const before = looked.toString('latin1')
      const after = withoutSecrets(before, isCut || looked.length < bytes.length)
      const kept = after === before ? looked : Buffer.from(after.replaceAll(mask, maskInLatin1), 'latin1')
      return kept.subarray(0, storedBodyBytes)
    },
  }
}

const maskInLatin1 = Buffer.from(mask).toString('latin1')

/** A webhook is the same object for every delivery until it is read anew. */
const masksOfTargets = new WeakMap<WebhookTarget, SecretMask>()

function knownMask(target: WebhookTarget): SecretMask {
  let known = masksOfTargets.get(target)
  if (!known) {
    known = createSecretMask(secretsOfTarget(target))
    masksOfTargets.set(target, known)
  }
  return known
}

/** Every secret of a webhook as text. */
export function secretsOfTarget({ headers, settings, signingKeys }: WebhookTarget): string[] {
  const key = settings.clientCertificate?.privateKey
  const signing = [...signingKeys.secrets, ...signingKeys.privateKeys].flatMap((secret) => {
    const bytes = Buffer.from(secret)
    return [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex')]
  })
  return [
    ...withoutSchemes(headers.map(({ value }) => value)),
    ...secretsOf(settings.authentication),
    ...(key ? [key] : []),
    ...signing,
  ]
}

/** The values of headers; of one such as `Bearer …` also the part behind the scheme, which is the secret. */
function withoutSchemes(values: readonly string[]): string[] {
  return [...new Set([...values, ...values.map((value) => value.slice(value.indexOf(' ') + 1))])]
}
