/** Numbers of JSON that doubles cannot hold. The JSON source text functions are in Node since 21. */

// The types that TypeScript ships do not know these two yet.
type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown
const parseWithSource = JSON.parse as (text: string, reviver: SourceReviver) => unknown
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON: (text: string) => object
  // Absent in browsers that cannot make such values either.
  isRawJSON?: (value: unknown) => boolean
}

/** `JSON.parse`, but numbers that would be written back as another value are kept as `JSON.rawJSON` of their text. */
export function parseKeepingNumbers(text: string): unknown {
  return parseWithSource(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && !survives(value, source) ? rawJSON(source) : value,
  )
}

/** Whether a value is a number that was kept as its text: an object to `typeof`, a number to people. */
export function isKeptNumber(value: unknown): boolean {
  return isRawJSON?.(value) ?? false
}

/**
 * Whether a double keeps the number: it is written back as it was, or differently but as the same decimal
 * value (`1.0`, `15e3`). Beyond 2^53 only the first counts, because many programs read `1e+22` as another
 * type than `10000000000000000000000`.
 */
function survives(value: number, source: string): boolean {
  const written = String(value)
  if (written === source) return true
  if (Object.is(value, -0) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false
  const before = decimal(source)
  const after = decimal(written)
  return before.digits === after.digits && before.exponent === after.exponent
}

/** The value `digits` × 10^`exponent`, digits without zeros at either end; the sign is left out. Linear. */
function decimal(text: string): { digits: string; exponent: number } {
  const [mantissa = '', exponent = '0'] = text.replace(/^-/, '').split(/e/i)
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = whole + fraction
  let start = 0
  let end = digits.length
  while (start < end && digits[start] === '0') start += 1
  while (end > start && digits[end - 1] === '0') end -= 1
  if (start === end) return { digits: '', exponent: 0 }
  return {
    digits: digits.slice(start, end),
    exponent: Number(exponent) - fraction.length + digits.length - end,
  }
}
