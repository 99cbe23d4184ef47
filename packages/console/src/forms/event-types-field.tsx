import { MultiSelect } from '@mantine/core'
import type { ReactNode } from 'react'
import { eventTypeChoices } from './event-type-choices.ts'

type Props = { value: string[]; onChange: (types: string[]) => void; error?: ReactNode }

/** Types of events, one by one or by what their names begin with; none chosen means all. */
export function EventTypesField({ value, onChange, error }: Props) {
  return (
    <MultiSelect
      label="Event types"
      description="None chosen: all. Checkpoints are always sent."
      placeholder={value.length === 0 ? 'All events' : ''}
      data={eventTypeChoices(value)}
      value={value}
      onChange={onChange}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Clear event types' }}
      hidePickedOptions
      maxDropdownHeight={320}
      nothingFoundMessage="No type of that name."
      error={error}
    />
  )
}
