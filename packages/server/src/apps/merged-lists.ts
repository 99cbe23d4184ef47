/** Lists of what is somebody's in several ways: by each way a look into an index, then one list. */

/** The ids of the newest `limit + 1` that any of the looks finds, the newest first. */
export async function newestOf(
  looks: readonly Promise<{ id: string }[]>[],
  limit: number,
): Promise<string[]> {
  const found = (await Promise.all(looks)).flat().map(({ id }) => id)
  return [...new Set(found)].sort((left, right) => (left < right ? 1 : -1)).slice(0, limit + 1)
}
