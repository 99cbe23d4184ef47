import classes from './numbers.module.css'

/** Numbers that tell at a glance how something is doing, side by side. */
export function Numbers({
  items,
}: {
  items: readonly (readonly [name: string, value: string, unit?: string])[]
}) {
  return (
    <dl className={classes.numbers}>
      {items.map(([name, value, unit]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value} {unit && <span className={classes.unit}>{unit}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
