/** A count as a badge shows it: `99+` where it was not counted further; null for nothing. Pure. */
export function countWords(count: number, countedTo = 99): string | null {
  if (count <= 0) return null
  const most = Math.min(countedTo, 99)
  return count > most || (count === most && count === countedTo) ? `${most}+` : String(count)
}
