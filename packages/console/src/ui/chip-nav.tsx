import { Link } from '@tanstack/react-router'
import classes from './chip-nav.module.css'

export type Chip = {
  readonly key: string
  readonly label: string
  readonly search: Readonly<Record<string, string | undefined>>
  /** How many are behind it, as text so that it may say 99+. */
  readonly count?: string | undefined
}

type Props = { label: string; chips: readonly Chip[]; current: string }

/** Links that narrow the list of this page; the address says which one is chosen. */
export function ChipNav({ label, chips, current }: Props) {
  return (
    <nav aria-label={label} className={classes.nav}>
      {chips.map(({ key, label, search, count }) => (
        <Link
          key={key}
          to="."
          search={search}
          replace
          resetScroll={false}
          className={classes.chip ?? ''}
          data-current={key === current || undefined}
          {...(key === current ? { 'aria-current': 'true' as const } : {})}
        >
          {label}
          {count && <span className={classes.count}>{count}</span>}
        </Link>
      ))}
    </nav>
  )
}
