/** Runs `run` for some items at a time, one after the other: statements of a bounded size. */
export async function inParts<Item, Result>(
  items: readonly Item[],
  size: number,
  run: (part: Item[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let from = 0; from < items.length; from += size) {
    for (const result of await run(items.slice(from, from + size))) results.push(result)
  }
  return results
}
