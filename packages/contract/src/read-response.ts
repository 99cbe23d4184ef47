import { isJsonObject, type JsonObject, own } from './json-object.ts'
import { cleanMessage } from './message.ts'
import { type Quote, showText } from './show-text.ts'
import type { WebhookTypeInfo } from './webhook-type.ts'

/** Where the receiver put its `response`. */
export type FoundResponse = {
  /** The object that has the key. */
  readonly beside: JsonObject
  readonly value: unknown
  /** The key as people write it. */
  readonly place: '`output.response`' | '`response`'
  /** Which of the two places counted, a sentence. */
  readonly note: string
}

/** `output.response` first, then the top-level `response`; own keys only. Null when there is neither. */
export function findResponse(body: unknown): FoundResponse | null {
  if (!isJsonObject(body)) return null
  const output = own(body, 'output')
  const topLevel = Object.hasOwn(body, 'response')
  if (isJsonObject(output) && Object.hasOwn(output, 'response')) {
    const ignored = topLevel ? '; the top-level `response` was ignored' : ''
    return {
      beside: output,
      value: output.response,
      place: '`output.response`',
      note: `\`output.response\` was found and used${ignored}.`,
    }
  }
  if (!topLevel) return null
  const without = output === undefined ? '' : '; `output` holds no `response`'
  return {
    beside: body,
    value: body.response,
    place: '`response`',
    note: `\`response\` was found and used${without}.`,
  }
}

/** The decision in a `response` and, where it needed reading, how; null when there is none. */
export function readDecision(
  value: unknown,
  word: WebhookTypeInfo['decisionWord'],
): { readonly decision: boolean; readonly note: string | null } | null {
  if (typeof value === 'boolean') return { decision: value, note: null }
  // Without the `u` flag no letter outside ASCII equals one inside it when case is ignored.
  if (typeof value === 'string' && /^(?:true|false)$/i.test(value)) {
    const decision = value.toLowerCase() === 'true'
    return { decision, note: `The text "${value}" was read as ${decision}.` }
  }
  if (!isJsonObject(value)) return null
  const keys = ['success', word ?? 'success'].filter((key) => Object.hasOwn(value, key))
  const [first, second] = keys.map((key) => value[key])
  if (typeof first !== 'boolean' || (keys.length === 2 && first !== second)) return null
  return { decision: first, note: `Its \`${keys[0]}\` is ${first}.` }
}

/** The message beside `response`, or else inside it, cleaned; `note` says what was done to it, if anything. */
export function readMessage(
  { beside, value }: FoundResponse,
  quote: Quote,
): {
  readonly message: string | null
  readonly note: string | null
} {
  const inside = isJsonObject(value) ? own(value, 'message') : undefined
  const candidates = [own(beside, 'message'), inside]
  for (const text of candidates) {
    if (typeof text !== 'string') continue
    const { message, wasCut } = cleanMessage(quote(text))
    if (message !== null) return { message, note: wasCut ? 'The message was cut to 2,000 characters.' : null }
  }
  const ignored = candidates.some((text) => text !== undefined && text !== null && typeof text !== 'string')
  return { message: null, note: ignored ? 'The `message` was ignored because it is not text.' : null }
}

/** What was found where a decision should be, in at most about 80 characters: "the number 1". */
export function describeValue(value: unknown, quote: Quote): string {
  if (value === null) return '`null`'
  if (typeof value === 'boolean') return `\`${value}\``
  if (typeof value === 'number') return `the number ${value}`
  if (typeof value === 'string')
    return value === '' ? 'an empty text' : `the text "${showText(quote(value), 60)}"`
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array (${value.length} long)`
  const keys = isJsonObject(value) ? Object.keys(value) : []
  if (keys.length === 0) return 'an empty object'
  const some = keys.slice(0, 3).map((key) => `\`${showText(quote(key), 16)}\``)
  return `an object with ${some.join(', ')}${keys.length > 3 ? ` and ${keys.length - 3} more` : ''}`
}
