import type { ReactNode } from 'react'
import classes from './action-bar.module.css'

type Props = { label: string; hint?: ReactNode; children: ReactNode }

/** What can be done here: large buttons that stay at the lower edge of a phone while one reads. */
export function ActionBar({ label, hint, children }: Props) {
  return (
    <section className={classes.bar} aria-label={label}>
      {hint && <div className={classes.hint}>{hint}</div>}
      <div className={classes.buttons}>{children}</div>
    </section>
  )
}
