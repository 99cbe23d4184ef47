import type { IntakeField } from '@keyhook/contract/api/app.ts'
import { Checkbox, NativeSelect, NumberInput, Radio, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './intake-input.module.css'
import type { Answer } from './request-values.ts'

type Props = { field: IntakeField; value: Answer; onChange: (answer: Answer) => void; error: ReactNode }

/** From so many options on, a list to open is quicker than one to read. */
const manyFrom = 6

const asText = (value: Answer) => (typeof value === 'string' ? value : '')
const asList = (value: Answer) => (Array.isArray(value) ? value : [])

/** An intake field of an app, as its type needs it. */
export function IntakeInput({ field, value, onChange, error }: Props) {
  const { label, type, required, help_text, options } = field
  const common = { label, required, error, ...(help_text ? { description: help_text } : {}) }
  switch (type) {
    case 'text':
      return (
        <TextInput
          {...common}
          autoComplete="off"
          value={asText(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'long_text':
      return (
        <Textarea
          {...common}
          rows={4}
          resize="vertical"
          value={asText(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'number':
      return (
        <NumberInput
          {...common}
          className={classes.short ?? ''}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(typeof next === 'number' ? next : null)}
        />
      )
    case 'date':
      return (
        <TextInput
          {...common}
          type="date"
          className={classes.short ?? ''}
          value={asText(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'choice':
      return options.length >= manyFrom ? (
        <NativeSelect
          {...common}
          data={[{ value: '', label: 'Choose…' }, ...options]}
          value={asText(value)}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        />
      ) : (
        <Radio.Group {...common} value={asText(value)} onChange={onChange} {...invalid(error)}>
          <div className={classes.options}>
            {options.map((option) => (
              <Radio key={option} value={option} label={option} />
            ))}
          </div>
        </Radio.Group>
      )
    case 'choices':
      return (
        <Checkbox.Group {...common} value={asList(value)} onChange={onChange} {...invalid(error)}>
          <div className={classes.options}>
            {options.map((option) => (
              <Checkbox key={option} value={option} label={option} />
            ))}
          </div>
        </Checkbox.Group>
      )
    case 'checkbox':
      return (
        <Checkbox
          label={
            <>
              {label}
              {required && (
                <span className={classes.asterisk} aria-hidden="true">
                  {' '}
                  *
                </span>
              )}
            </>
          }
          required={required}
          description={help_text}
          error={error}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      )
  }
}

/** A group is no field of its own: it is marked so that the first wrong one can be found and focused. */
function invalid(error: ReactNode) {
  return error ? ({ 'aria-invalid': true, tabIndex: -1 } as const) : {}
}
