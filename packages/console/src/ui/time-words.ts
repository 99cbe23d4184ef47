/** Moments in words. Pure. */

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** Midnights between two moments, in the reader's own time zone: what people call days. */
function daysBetween(from: Date, to: Date): number {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
  return Math.round((midnight(to) - midnight(from)) / day)
}

/** `in 3 days`, `tomorrow`, `in 20 minutes`, `5 minutes ago`, `yesterday`, `2 months ago`. */
export function relativeWords(iso: string, now: number): string {
  const then = new Date(iso)
  const ms = then.getTime() - now
  if (Math.abs(ms) < 45_000) return 'just now'
  if (Math.abs(ms) < hour) return relative.format(Math.round(ms / minute), 'minute')
  const days = daysBetween(new Date(now), then)
  if (days === 0 || Math.abs(ms) < 12 * hour) return relative.format(Math.round(ms / hour), 'hour')
  if (Math.abs(days) < 60) return relative.format(days, 'day')
  if (Math.abs(days) < 720) return relative.format(Math.round(days / 30.44), 'month')
  return relative.format(Math.round(days / 365.25), 'year')
}

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** `3 Aug 2026`, in the reader's own time zone. */
export function dateWords(iso: string): string {
  return date.format(new Date(iso))
}
