/**
 * Takes secrets out of text that is stored or shown. A receiver may repeat what it was sent, and programs write a value in
 * many forms: as it is, in JSON, in a URL or a form, in HTML, in base64 or hexadecimal, or in one of these inside another.
 * So the text is searched as it is and again with its escapes undone; no list of whole forms would be complete.
 */
import { undoEscapes, withoutBrokenEscape } from './escapes.ts'

/** Stands for a value that is not shown. */
export const mask = '••••••'

/** Whether a caller sends back what stands for a value, which would take the value's place. */
export function isMask(value: string): boolean {
  return /^[•●*]+$/.test(value)
}

// Shorter values are found in innocent text by chance; taking them out would garble answers and protect little.
const shortestMasked = 6

/** Forms inside one another are undone this often: a JSON text in a JSON text in a URL. */
const maxNesting = 3

/**
 * Returns a text without the secrets. `isCut`: the text ends where it was cut, so that its end may be the beginning of a
 * secret; that is masked too.
 */
export type SecretMask = (text: string, isCut?: boolean) => string

type Span = { readonly start: number; readonly end: number }

/** Knows `secrets`. Takes time linear in the text, and next to none for what holds no secret. */
export function createSecretMask(secrets: readonly string[]): SecretMask {
  const needles = needlesOf(secrets)
  if (needles.length === 0) return (text) => text
  const find = finderOf(needles)

  return (text, isCut = false) => {
    const spans: Span[] = []
    let view = text
    let toOriginal = (at: number) => at
    for (let depth = 0; ; depth++) {
      const origin = toOriginal
      const found = find(view).map(({ start, end }) => ({ start: origin(start), end: origin(end) }))
      for (const span of found) spans.push(span)
      const begun = isCut ? findBegun(view, needles) : null
      if (begun !== null) spans.push({ start: origin(begun), end: text.length })
      const undone = depth < maxNesting ? undoEscapes(view) : null
      if (undone === null) break
      view = undone.text
      toOriginal = (at) => origin(undone.toOriginal(at))
    }
    return spans.length === 0 ? text : replaceSpans(text, spans)
  }
}

function replaceSpans(text: string, spans: Span[]): string {
  spans.sort((a, b) => a.start - b.start)
  let result = ''
  let from = 0
  let open: Span | null = null
  for (const span of spans) {
    if (open && span.start < open.end) {
      if (span.end > open.end) open = { start: open.start, end: span.end }
      continue
    }
    if (open) {
      result += text.slice(from, open.start) + mask
      from = open.end
    }
    open = span
  }
  return open ? result + text.slice(from, open.start) + mask + text.slice(open.end) : text
}

/** What is searched for: each secret as it is, without escapes of its own, and in base64 and hexadecimal. */
function needlesOf(secrets: readonly string[]): string[] {
  const needles = new Set<string>()
  for (const secret of secrets) {
    if (secret.length < shortestMasked) continue
    const bytes = Buffer.from(secret)
    for (const form of [...base64Forms(bytes), bytes.toString('hex'), bytes.toString('hex').toUpperCase()]) {
      needles.add(form)
    }
    // Bytes of answers are looked at as Latin-1, which keeps those that are no text.
    for (const plain of new Set([secret, bytes.toString('latin1')])) {
      let form: string | undefined = plain
      for (let depth = 0; form !== undefined && depth <= maxNesting; depth++) {
        needles.add(form)
        form = undoEscapes(form)?.text
      }
    }
  }
  // A `+` in base64 becomes a space when the escapes of a form are undone.
  for (const needle of [...needles]) needles.add(needle.replaceAll('+', ' '))
  return [...needles].filter((needle) => needle.length >= shortestMasked)
}

/** Base64 of the bytes alone, and what it looks like inside the base64 of a longer text: it may begin at any of three bits. */
function base64Forms(bytes: Buffer): string[] {
  const alone = bytes.toString('base64')
  const forms = [alone, alone.replace(/=+$/, '')]
  for (const before of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const isLastShared = (before + bytes.length) % 3 !== 0
    forms.push(whole.slice(before === 0 ? 0 : before + 1, isLastShared ? -1 : undefined))
  }
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}

/** So many characters at a time are hashed: as many as bytes fit into a number that bits can be shifted in. */
const hashedLength = 4
const hashBits = 13
const next = (word: number, code: number) => (word << 8) | (code & 0xff)
const hash = (word: number) => Math.imul(word, 0x9e3779b1) >>> (32 - hashBits)

/** One pass over the text for all needles, however many: only where four characters hash like a needle's is looked closer. */
function finderOf(needles: readonly string[]): (text: string) => Span[] {
  const known = new Uint8Array(1 << hashBits)
  const byHash = new Map<number, string[]>()
  for (const needle of needles) {
    let word = 0
    for (let at = 0; at < hashedLength; at++) word = next(word, needle.charCodeAt(at))
    const key = hash(word)
    known[key] = 1
    byHash.set(key, [...(byHash.get(key) ?? []), needle])
  }
  for (const list of byHash.values()) list.sort((a, b) => b.length - a.length)
  return (text) => {
    const spans: Span[] = []
    let word = 0
    for (let at = 0; at < text.length; at++) {
      word = next(word, text.charCodeAt(at))
      const key = hash(word)
      if (known[key] === 0 || at < hashedLength - 1) continue
      const start = at - hashedLength + 1
      const needle = byHash.get(key)?.find((candidate) => text.startsWith(candidate, start))
      if (needle !== undefined) spans.push({ start, end: start + needle.length })
    }
    return spans
  }
}

/** Where a secret begins that the end of the text cuts off; null when none does. */
function findBegun(text: string, needles: readonly string[]): number | null {
  const whole = withoutBrokenEscape(text)
  let first: number | null = null
  for (const needle of needles) {
    const head = needle.slice(0, shortestMasked)
    const from = Math.max(0, whole.length - needle.length)
    for (let at = whole.indexOf(head, from); at !== -1; at = whole.indexOf(head, at + 1)) {
      if (!needle.startsWith(whole.slice(at))) continue
      if (first === null || at < first) first = at
      break
    }
  }
  return first
}
