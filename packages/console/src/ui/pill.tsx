import type { ReactNode } from 'react'
import classes from './pill.module.css'

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'quiet'

/** A word with a tone. The dot's shape differs as well, so that colour alone carries nothing. */
export function Pill({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.pill} data-tone={tone}>
      <span className={classes.dot} aria-hidden="true" />
      {children}
    </span>
  )
}
