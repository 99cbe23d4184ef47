import { NativeSelect, NumberInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { lengthUnits } from '../components/access-length.ts'
import classes from './duration-field.module.css'
import type { Duration } from './duration-values.ts'

type Props<Value extends Duration> = {
  label: string
  description?: string
  value: Value
  onChange: (value: Value) => void
  error?: ReactNode
}

/** A count and its unit. */
export function DurationField<Value extends Duration>({
  label,
  description,
  value,
  onChange,
  error,
}: Props<Value>) {
  return (
    <div className={classes.field}>
      <NumberInput
        label={label}
        {...(description ? { description } : {})}
        className={classes.count ?? ''}
        allowNegative={false}
        value={value.count}
        onChange={(count) => onChange({ ...value, count: count === '' ? '' : Number(count) })}
        error={error}
      />
      <NativeSelect
        aria-label={`${label}: unit`}
        className={classes.unit ?? ''}
        data={[...lengthUnits]}
        value={value.unit}
        onChange={(event) => onChange({ ...value, unit: event.currentTarget.value as Duration['unit'] })}
      />
    </div>
  )
}
