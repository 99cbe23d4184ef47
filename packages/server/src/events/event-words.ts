/** What of an entry is found by text, and the ids by which it is found. Pure. */

/** More text of one entry is not searched, in UTF-16 units. */
const most = 8_192

type Found = { type: string; actor: unknown; targets: unknown; metadata: unknown }

/** The texts and numbers in an entry, each once, one behind the other. */
export function wordsOf({ type, actor, targets, metadata }: Found): string {
  const words = new Set([type])
  let length = type.length
  const waiting: unknown[] = [metadata, targets, actor]
  while (waiting.length > 0 && length < most) {
    const value = waiting.pop()
    if (typeof value === 'string' || typeof value === 'number') {
      const word = String(value).slice(0, most - length)
      if (word !== '' && !words.has(word)) {
        words.add(word)
        length += word.length + 1
      }
    } else if (typeof value === 'object' && value !== null) waiting.push(...Object.values(value).reverse())
  }
  return [...words].join(' ').replaceAll('\0', ' ')
}

/** The `id` of each target. */
export function targetIdsOf(targets: readonly { target_data: Record<string, unknown> }[]): string[] {
  return [
    ...new Set(
      // The database knows no text with a NUL in it.
      targets.flatMap(({ target_data: { id } }) =>
        typeof id === 'string' && id !== '' && !id.includes('\0') ? [id] : [],
      ),
    ),
  ]
}
