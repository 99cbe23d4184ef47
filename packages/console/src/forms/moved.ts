/** The list with the item at `from` at the place `to`. Pure. */
export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const rest = items.filter((_item, index) => index !== from)
  const item = items[from]
  if (item === undefined) return rest
  return [...rest.slice(0, to), item, ...rest.slice(to)]
}
