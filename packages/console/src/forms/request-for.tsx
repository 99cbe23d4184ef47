import { Radio } from '@mantine/core'
import type { ReactNode } from 'react'
import { PersonPicker } from '../components/person-picker.tsx'
import classes from './request-choices.module.css'
import type { RequestValues } from './request-values.ts'

type Who = Pick<RequestValues, 'for' | 'colleague'>
type Props = { value: Who; onChange: (who: Who) => void; error: ReactNode }

const choices = [
  { value: 'me', label: 'For me' },
  { value: 'colleague', label: 'For a colleague' },
]

/** Whom the access is for. */
export function RequestFor({ value, onChange, error }: Props) {
  return (
    <div className={classes.stack}>
      <Radio.Group
        label="Who it is for"
        labelProps={{ className: classes.hidden ?? '' }}
        value={value.for}
        onChange={(next) => onChange({ ...value, for: next as Who['for'] })}
      >
        <div className={classes.row}>
          {choices.map((choice) => (
            <Radio.Card
              key={choice.value}
              value={choice.value}
              className={`${classes.card} ${classes.small}`}
              aria-label={choice.label}
            >
              <Radio.Indicator />
              <span className={classes.label}>{choice.label}</span>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      {value.for === 'colleague' && (
        <PersonPicker
          label="Colleague"
          value={value.colleague}
          onChange={(colleague) => onChange({ ...value, colleague })}
          error={error}
        />
      )}
    </div>
  )
}
