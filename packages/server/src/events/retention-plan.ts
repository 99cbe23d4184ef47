/** Which months of the log are old enough to leave it. Pure. */

const dayMs = 86_400_000

export type Month = {
  /** The partition, for example `events_2026_05`. */
  readonly name: string
  /** For people, for example `2026-05`. */
  readonly month: string
  /** The month is over then, in epoch milliseconds. */
  readonly end: number
}

/** The month of a partition; null for a table that is none. */
export function monthOf(name: string): Month | null {
  const [, year, month] = /^events_(\d{4})_(0[1-9]|1[0-2])$/.exec(name) ?? []
  if (year === undefined || month === undefined) return null
  return { name, month: `${year}-${month}`, end: Date.UTC(Number(year), Number(month), 1) }
}

/** When every entry of a month is older than `days`. */
export function dueAt({ end }: Month, days: number): number {
  return end + days * dayMs
}

/** The months that are there, the oldest first. */
export function monthsOf(names: readonly string[]): Month[] {
  return names
    .map(monthOf)
    .filter((month) => month !== null)
    .sort((left, right) => left.end - right.end)
}
