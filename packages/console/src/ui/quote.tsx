import classes from './quote.module.css'

type Props = { label: string; text: string; by?: string }

/** Words of a person or a receiver, as they came: plain text, never markup. */
export function Quote({ label, text, by }: Props) {
  return (
    <figure className={classes.figure}>
      <blockquote className={classes.quote} aria-label={label} dir="auto">
        {text}
      </blockquote>
      {by && <figcaption className={classes.by}>{by}</figcaption>}
    </figure>
  )
}
