import { Button, Checkbox, NativeSelect, NumberInput, Pill } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { accessLengthText, type LengthUnit, lengthUnits, unitSeconds } from '../components/access-length.ts'
import styles from './app-lengths-field.module.css'
import classes from './form-sections.module.css'

type Lengths = (number | null)[]
type Props = { value: readonly (number | null)[]; onChange: (value: Lengths) => void; error?: ReactNode }

/** Shortest first, without an end last. */
function sorted(lengths: readonly (number | null)[]): Lengths {
  return [...new Set(lengths)].sort(
    (a, b) => (a ?? Number.POSITIVE_INFINITY) - (b ?? Number.POSITIVE_INFINITY),
  )
}

/** Which lengths of access may be asked for. */
export function AppLengthsField({ value, onChange, error }: Props) {
  const [count, setCount] = useState<number | ''>('')
  const [unit, setUnit] = useState<LengthUnit>('days')
  const endless = value.includes(null)

  function add() {
    if (count === '' || count <= 0) return
    onChange(sorted([...value, Math.round(count * unitSeconds[unit])]))
    setCount('')
  }
  // Enter adds the length; it would send the form otherwise.
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter') return
    event.preventDefault()
    add()
  }

  return (
    <fieldset className={classes.fieldset}>
      <legend>Access lengths that may be asked for</legend>
      <p className={classes.hint}>
        {value.length === 0
          ? 'None listed: people choose any length, also without an end.'
          : 'Only these may be asked for.'}
      </p>
      {value.some((seconds) => seconds !== null) && (
        <ul className={styles.lengths} aria-label="Access lengths">
          {value.flatMap((seconds) =>
            seconds === null
              ? []
              : [
                  <li key={seconds}>
                    <Pill
                      size="md"
                      withRemoveButton
                      removeButtonProps={{
                        'aria-label': `Remove ${accessLengthText(seconds)}`,
                        'aria-hidden': false,
                        tabIndex: 0,
                      }}
                      onRemove={() => onChange(value.filter((one) => one !== seconds))}
                    >
                      {accessLengthText(seconds)}
                    </Pill>
                  </li>,
                ],
          )}
        </ul>
      )}
      <div className={styles.adder}>
        <NumberInput
          aria-label="New access length"
          placeholder="30"
          className={styles.count ?? ''}
          allowNegative={false}
          value={count}
          onChange={(value) => setCount(value === '' ? '' : Number(value))}
          onKeyDown={onKeyDown}
        />
        <NativeSelect
          aria-label="New access length: unit"
          data={[...lengthUnits]}
          value={unit}
          onChange={(event) => setUnit(event.currentTarget.value as LengthUnit)}
        />
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={add} disabled={count === ''}>
          Add length
        </Button>
      </div>
      <Checkbox
        label="Also without an end"
        checked={endless || value.length === 0}
        disabled={value.length === 0}
        onChange={(event) =>
          onChange(
            event.currentTarget.checked ? sorted([...value, null]) : value.filter((one) => one !== null),
          )
        }
      />
      {error && <p className={classes.error}>{error}</p>}
    </fieldset>
  )
}
