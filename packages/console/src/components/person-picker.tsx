import type { PersonRead } from '@keyhook/contract/api/access-parts.ts'
import { Loader, type OptionsFilter, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { accessApi } from '../access-api.ts'
import { sentenceOf } from '../api-error.ts'
import { query } from '../query.ts'
import classes from './person-picker.module.css'

type Props = {
  label: string
  description?: ReactNode
  value: PersonRead | null
  onChange: (person: PersonRead | null) => void
  error?: ReactNode
}

const fewest = 2

// The server has searched already.
const asFound: OptionsFilter = ({ options }) => options

/** A field for one person, found by typing a part of the name or the e-mail address. */
export function PersonPicker({ label, description, value, onChange, error }: Props) {
  const [text, setText] = useState(value?.name ?? '')
  const [settled] = useDebouncedValue(text.trim(), 200)
  const enough = settled.length >= fewest && settled !== value?.name
  const {
    data,
    isFetching,
    error: failure,
  } = useQuery({
    ...query(accessApi.people(settled)),
    enabled: enough,
    placeholderData: keepPreviousData,
  })
  const found = (enough ? data?.value.data : null) ?? []
  const people = value && !found.some(({ id }) => id === value.id) ? [value, ...found] : found
  const busy = isFetching || settled !== text.trim()

  return (
    <Select
      label={label}
      description={description}
      placeholder="Type a name or e-mail address"
      data={people.map(({ id, name }) => ({ value: id, label: name }))}
      value={value?.id ?? null}
      onChange={(id) => onChange(people.find((person) => person.id === id) ?? null)}
      searchable
      searchValue={text}
      onSearchChange={setText}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label}` }}
      filter={asFound}
      rightSection={busy && text !== '' && enough ? <Loader size={16} /> : null}
      nothingFoundMessage={nothingFound(failure, busy, text)}
      renderOption={({ option }) => {
        const person = people.find(({ id }) => id === option.value)
        return (
          <span className={classes.person}>
            <span>{option.label}</span>
            {person && <span className={classes.email}>{person.email}</span>}
          </span>
        )
      }}
      error={error}
    />
  )
}

function nothingFound(failure: unknown, busy: boolean, text: string): string {
  if (failure) return sentenceOf(failure)
  if (text.trim().length < fewest) return 'Type at least two letters.'
  return busy ? 'Looking…' : 'Nobody of that name.'
}
