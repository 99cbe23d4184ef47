import { dateWords, relativeWords } from './time-words.ts'
import classes from './when.module.css'

const long = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })

/** A moment as people say it: `in 3 days`. The full date is in the tooltip. */
export function When({ value }: { value: string }) {
  return (
    <time className={classes.when} dateTime={value} title={long.format(new Date(value))}>
      {relativeWords(value, Date.now())}
    </time>
  )
}

/** A date: `3 Aug 2026`. The time is in the tooltip. */
export function Day({ value }: { value: string }) {
  return (
    <time className={classes.when} dateTime={value} title={long.format(new Date(value))}>
      {dateWords(value)}
    </time>
  )
}
