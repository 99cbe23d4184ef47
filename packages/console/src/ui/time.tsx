const short = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const long = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

/** A moment as text, in the reader's own time zone. */
export function shortTime(value: string): string {
  return short.format(new Date(value))
}

/** A moment in the reader's own time zone; the full date is in the tooltip. */
export function Time({ value }: { value: string }) {
  const date = new Date(value)
  return (
    <time dateTime={value} title={long.format(date)}>
      {short.format(date)}
    </time>
  )
}

const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** A moment with its year, for what is kept or printed. */
export function FullTime({ value }: { value: string }) {
  const date = new Date(value)
  return (
    <time dateTime={value} title={long.format(date)}>
      {full.format(date)}
    </time>
  )
}

/** Milliseconds for people: `840 ms`, `1.24 s`. */
export function milliseconds(value: number): string {
  if (value < 10) return `${value.toFixed(1)} ms`
  return value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(2)} s`
}
