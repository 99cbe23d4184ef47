import { ExchangeFailed } from './failure.ts'

/** Set by the connection itself: a second one, or a wrong one, would let a receiver read the bytes in another way. */
const framing: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
])

/**
 * The headers in the flat form that undici writes, with `accept-encoding: identity` when there is none. The last check
 * before the wire; custom headers have been through `checkHeaders`. Throws `ExchangeFailed`, without any value in it.
 */
export function wireHeaders(headers: ReadonlyArray<readonly [name: string, value: string]>): string[] {
  const flat: string[] = []
  let encodingSaid = false
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    if (framing.has(key) || !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(key) || /[^\t\x20-\x7e]/.test(value)) {
      throw new ExchangeFailed({
        reason: 'protocol',
        finding: `The request was not sent: its header ${JSON.stringify(name.slice(0, 40))} is not possible.`,
        advice: 'Change or remove the header in the settings of the webhook.',
      })
    }
    encodingSaid ||= key === 'accept-encoding'
    flat.push(name, value)
  }
  if (!encodingSaid) flat.push('accept-encoding', 'identity')
  return flat
}
