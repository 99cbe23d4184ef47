import classes from './import-counts.module.css'

type Props = { label: string; counts: readonly (readonly [name: string, count: number])[] }

/** How much of what: numbers with names under them. */
export function ImportCounts({ label, counts }: Props) {
  return (
    <dl className={classes.counts} aria-label={label}>
      {counts.map(([name, count]) => (
        <div key={name} data-none={count === 0 || undefined}>
          <dt>{name}</dt>
          <dd>{count.toLocaleString('en')}</dd>
        </div>
      ))}
    </dl>
  )
}
