import type { CelInput } from '@bufbuild/cel'

/** What bounds the work of an evaluation. */
export type PayloadSize = {
  /** Items of the longest list, or members of the largest object. */
  readonly longestCollection: number
  /** UTF-16 units. */
  readonly longestText: number
  /** Values in all, inside one another too. */
  readonly values: number
}

/** A JSON value as CEL takes it: objects as maps, so that nothing is inherited, and whole numbers as ints. */
export function celInput(value: unknown): { input: CelInput; size: PayloadSize } {
  const size = { longestCollection: 0, longestText: 0, values: 0 }
  const convert = (json: unknown): CelInput => {
    size.values += 1
    if (typeof json === 'number') return Number.isSafeInteger(json) ? BigInt(json) : json
    if (typeof json === 'string') {
      size.longestText = Math.max(size.longestText, json.length)
      return json
    }
    if (typeof json !== 'object' || json === null) return json as CelInput
    if (Array.isArray(json)) {
      size.longestCollection = Math.max(size.longestCollection, json.length)
      return json.map(convert) as CelInput
    }
    const entries = Object.entries(json)
    size.longestCollection = Math.max(size.longestCollection, entries.length)
    return new Map(entries.map(([key, member]) => [key, convert(member)])) as CelInput
  }
  return { input: convert(value), size }
}
