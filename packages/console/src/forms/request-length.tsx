import { Input, NativeSelect, NumberInput, Radio } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { type LengthUnit, lengthUnits } from '../components/access-length.ts'
import classes from './request-choices.module.css'
import { lengthChoices, type RequestValues } from './request-values.ts'

type Length = Pick<RequestValues, 'length' | 'custom_length'>
type Props = {
  allowed: readonly (number | null)[]
  value: Length
  onChange: (length: Length) => void
  error: ReactNode
  label?: string
}

/** How long the access is to last: one of those that the app allows, or any. */
export function RequestLength({ allowed, value, onChange, error, label = 'How long you need it' }: Props) {
  const errorId = useId()
  const choices = lengthChoices(allowed)
  const { count, unit } = value.custom_length
  const setCustom = (custom: Partial<Length['custom_length']>) =>
    onChange({ ...value, custom_length: { ...value.custom_length, ...custom } })
  return (
    <div>
      <Radio.Group
        label={label}
        labelProps={{ className: classes.hidden ?? '' }}
        value={value.length}
        onChange={(length) => onChange({ ...value, length })}
      >
        <div className={classes.row}>
          {choices.map((choice) => (
            <Radio.Card
              key={choice.key}
              value={choice.key}
              className={`${classes.card} ${classes.small}`}
              aria-label={choice.label}
            >
              <Radio.Indicator />
              <span className={classes.label}>{choice.label}</span>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      {value.length === 'custom' && (
        <div className={classes.custom}>
          <NumberInput
            label="How many"
            min={1}
            allowNegative={false}
            allowDecimal={false}
            value={count}
            onChange={(next) => setCustom({ count: typeof next === 'number' ? next : '' })}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? errorId : undefined}
          />
          <NativeSelect
            aria-label="Unit"
            data={[...lengthUnits]}
            value={unit}
            onChange={(event) => setCustom({ unit: event.currentTarget.value as LengthUnit })}
          />
        </div>
      )}
      {error && (
        <Input.Error id={errorId} mt={6}>
          {error}
        </Input.Error>
      )}
    </div>
  )
}
