import { Switch } from '@mantine/core'
import type { ReactNode } from 'react'
import { DurationField } from './duration-field.tsx'
import type { OptionalDuration } from './duration-values.ts'
import classes from './form-sections.module.css'

type Props = {
  /** What happens when it is on. */
  toggle: string
  description?: ReactNode
  label: string
  value: OptionalDuration
  onChange: (value: OptionalDuration) => void
  error?: ReactNode
}

/** A duration that can be switched off. */
export function OptionalDurationField({ toggle, description, label, value, onChange, error }: Props) {
  return (
    <div className={classes.nested}>
      <Switch
        label={toggle}
        description={description}
        checked={value.on}
        onChange={(event) => onChange({ ...value, on: event.currentTarget.checked })}
      />
      {value.on && <DurationField label={label} value={value} onChange={onChange} error={error} />}
    </div>
  )
}
