import classes from './header-lines.module.css'

type Props = { label: string; headers: readonly { name: string; value: string }[] }

/** HTTP headers as they went over the wire, folded away because most readers want the body first. */
export function HeaderLines({ label, headers }: Props) {
  return (
    <details className={classes.details}>
      <summary>
        {label} ({headers.length})
      </summary>
      <dl className={classes.list}>
        {headers.map(({ name, value }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a header may be there twice with the same value.
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
