import { MultiSelect } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type ReactNode, useState } from 'react'
import { appApi } from '../app-api.ts'
import { useSteadySideRead } from '../query.ts'

type Props = {
  label: string
  description?: ReactNode
  value: readonly string[]
  onChange: (ids: string[]) => void
  error?: ReactNode
}

/** A field for several apps, found by typing a part of a name. */
export function AppPicker({ label, description, value, onChange, error }: Props) {
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search.trim(), 200)
  // What was chosen before has its name from the searches before.
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map())
  const page = useSteadySideRead(appApi.appList({ q: settled, limit: 20 }))
  const found = page?.data ?? []
  const data = [
    ...value
      .filter((id) => !found.some((app) => app.id === id))
      .map((id) => ({ value: id, label: names.get(id) ?? id })),
    ...found.map(({ id, name }) => ({ value: id, label: name })),
  ]

  function choose(ids: string[]) {
    setNames(new Map([...names, ...data.map((one) => [one.value, one.label] as const)]))
    onChange(ids)
  }

  return (
    <MultiSelect
      label={label}
      description={description}
      placeholder="Type a name"
      data={data}
      value={[...value]}
      onChange={choose}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label}` }}
      hidePickedOptions
      filter={({ options }) => options}
      nothingFoundMessage={search.trim() === '' ? 'There is no app yet.' : 'No app of that name.'}
      error={error}
    />
  )
}
