/** Which custom headers may be sent. Checked when a webhook is saved and again when it is sent. */
import { maxHeaders } from '@keyhook/contract/api/webhook.ts'

/** Bytes of one value. */
export const maxHeaderValueLength = 4096
/** Names and values together, in bytes. */
export const maxHeadersSize = 16_384

type HeaderLine = { readonly name: string; readonly value: string }

/** `index` is null when the list as a whole is wrong. `detail` names the header and never its value. */
export type HeaderError = {
  readonly index: number | null
  readonly member: 'name' | 'value'
  readonly detail: string
}

/** What frames the message, belongs to one hop, or is Keyhook's own word, each group with why it cannot be set. */
const reserved: ReadonlyMap<string, string> = new Map([
  ...because('it frames the request', ['host', 'content-length', 'transfer-encoding', 'trailer', 'te']),
  ...because('it belongs to the connection', ['connection', 'keep-alive', 'upgrade', 'expect']),
  ...because('the body is always plain JSON', ['content-type', 'content-encoding', 'accept-encoding']),
  ...because('Keyhook sets it', ['user-agent', 'traceparent']),
])
const reservedPrefixes: ReadonlyMap<string, string> = new Map([
  ...because('these names are for proxies', ['proxy-']),
  ...because('Keyhook sets these', ['webhook-', 'keyhook-']),
])

/** All that is wrong with a list of custom headers; empty when it can be sent. */
export function checkHeaders(headers: readonly HeaderLine[]): HeaderError[] {
  const errors: HeaderError[] = []
  const seen = new Set<string>()
  headers.forEach(({ name, value }, index) => {
    const key = name.toLowerCase()
    const nameError =
      checkName(name) ?? (seen.has(key) ? `The header "${name}" is there twice; give each name once.` : null)
    seen.add(key)
    if (nameError) errors.push({ index, member: 'name', detail: nameError })
    const valueError = checkValue(name, value)
    if (valueError) errors.push({ index, member: 'value', detail: valueError })
  })
  const total = headers.reduce((sum, { name, value }) => sum + name.length + value.length, 0)
  const whole =
    headers.length > maxHeaders
      ? `There are ${headers.length} headers; at most ${maxHeaders} can be sent.`
      : total > maxHeadersSize
        ? `The headers have ${total} bytes together; at most ${maxHeadersSize} can be sent.`
        : null
  if (whole) errors.push({ index: null, member: 'name', detail: whole })
  return errors
}

/** What is wrong with one header in a sentence, or null. */
export function checkHeader(name: string, value: string): string | null {
  return checkName(name) ?? checkValue(name, value)
}

function checkName(name: string): string | null {
  if (name === '') return 'Enter a header name, for example x-api-key.'
  // RFC 9110, section 5.6.2: token.
  if (name.length > 256 || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    // A whole line may have been pasted here, secret included: shown is only what can be a name.
    const shown = /^[\w-]{0,40}/.exec(name)?.[0]
    const wrong = name.search(/[^!#$%&'*+.^_`|~0-9A-Za-z-]/)
    const why =
      wrong < 0 ? `it has ${name.length} characters, at most 256 are possible` : badCharacter(name, wrong)
    return `"${shown}…" is not a header name: ${why}; use letters, digits and hyphens, for example x-api-key.`
  }
  const key = name.toLowerCase()
  const prefix = [...reservedPrefixes.keys()].find((start) => key.startsWith(start))
  const why = reserved.get(key) ?? (prefix && reservedPrefixes.get(prefix))
  return why ? `The header "${name}" cannot be set: ${why}. Use another name, for example x-${key}.` : null
}

function badCharacter(name: string, at: number): string {
  const character = name[at] ?? ''
  const kind = /\s/.test(character) ? 'a space or line break' : character === ':' ? 'a colon' : 'a character'
  return `there is ${kind} at position ${at + 1} that names cannot have`
}

function checkValue(name: string, value: string): string | null {
  const of = `The value of the header "${name.slice(0, 40)}"`
  if (value === '') return `${of} is empty; enter a value or remove the header.`
  if (value.length > maxHeaderValueLength) {
    return `${of} has ${value.length} characters; at most ${maxHeaderValueLength} can be sent.`
  }
  // Narrower than RFC 9110, which leaves bytes above 0x7E to each side's own reading.
  const wrong = /[^\t\x20-\x7e]/.exec(value)
  if (wrong) {
    const kind = /[\r\n]/.test(wrong[0]) ? 'a line break' : 'a character that is not plain ASCII'
    return `${of} has ${kind} at position ${wrong.index + 1}; use letters, digits and ASCII punctuation.`
  }
  if (/^[\t ]|[\t ]$/.test(value)) return `${of} starts or ends with a space; remove it.`
  return null
}

function because(why: string, names: readonly string[]): [name: string, why: string][] {
  return names.map((name) => [name, why])
}
