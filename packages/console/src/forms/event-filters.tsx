import { Autocomplete, Button, NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { appApi } from '../app-api.ts'
import bar from '../components/list-bar.module.css'
import { fromLocalInput, toLocalInput } from '../components/local-time.ts'
import { SearchBox } from '../components/search-box.tsx'
import { pb } from '../path-builder.ts'
import { useSideRead } from '../query.ts'
import { Fold } from '../ui/fold.tsx'
import classes from './event-filters.module.css'
import { PrincipalPicker } from './principal-picker.tsx'

type Filters = {
  q?: string | undefined
  type?: string | undefined
  actor_id?: string | undefined
  app_id?: string | undefined
  access_request_id?: string | undefined
  target_id?: string | undefined
  outcome?: string | undefined
  from?: string | undefined
  to?: string | undefined
}
type Props = {
  search: Filters
  /** Types to offer: those that are on the page. */
  types: readonly string[]
}

const outcomes = [
  { value: '', label: 'All' },
  { value: 'SUCCEEDED', label: 'Succeeded' },
  { value: 'FAILED', label: 'Failed' },
]
const debounceMs = 300

/** The filters of the activity log. They live in the address, so a filtered log can be sent to somebody. */
export function EventFilters({ search, types }: Props) {
  const router = useRouter()
  const apps = useSideRead(appApi.appList({ limit: 200 }))
  const { q, ...others } = search
  const filtered = Object.values(others).some((value) => value !== undefined)
  const set = (change: Filters) =>
    void router.navigate({
      to: pb.events(),
      search: { ...search, ...change, cursor: undefined },
      replace: true,
      resetScroll: false,
    })
  const moment = (label: string, name: 'from' | 'to') => (
    <TextInput
      label={label}
      type="datetime-local"
      value={toLocalInput(search[name])}
      onChange={(event) => set({ [name]: fromLocalInput(event.currentTarget.value) })}
    />
  )

  return (
    <search aria-label="Filter the activity log">
      <div className={bar.bar}>
        <SearchBox
          label="Search the activity log"
          placeholder="Names, e-mail addresses, ids, reasons"
          q={q}
          className={bar.search}
        />
      </div>
      <Fold className={classes.fold} summary="Filters" forceOpen={filtered}>
        <div className={classes.fields}>
          <TypeField value={search.type ?? ''} types={types} onChange={(type) => set({ type })} />
          <PrincipalPicker
            label="Who did it"
            kind="user"
            most={1}
            value={search.actor_id ? [search.actor_id] : []}
            onChange={([actor_id]) => set({ actor_id })}
          />
          <NativeSelect
            label="App"
            data={[
              { value: '', label: 'All' },
              ...(apps?.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={search.app_id ?? ''}
            onChange={(event) => set({ app_id: event.currentTarget.value || undefined })}
          />
          <TextInput
            label="Request (id)"
            placeholder="req_…"
            defaultValue={search.access_request_id ?? ''}
            key={search.access_request_id ?? ''}
            onBlur={(event) => set({ access_request_id: event.currentTarget.value.trim() || undefined })}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.currentTarget.blur()
            }}
          />
          <NativeSelect
            label="Outcome"
            data={outcomes}
            value={search.outcome ?? ''}
            onChange={(event) => set({ outcome: event.currentTarget.value || undefined })}
          />
          {moment('From', 'from')}
          {moment('Until', 'to')}
          {filtered && (
            <Button
              variant="default"
              onClick={() => void router.navigate({ to: pb.events(), search: q ? { q } : {} })}
            >
              Clear filters
            </Button>
          )}
        </div>
      </Fold>
    </search>
  )
}

type TypeProps = {
  value: string
  types: readonly string[]
  onChange: (type: string | undefined) => void
}

/** A type by its name; what is typed counts once typing rests. */
function TypeField({ value, types, onChange }: TypeProps) {
  const [typed, setTyped] = useState(value)
  const settle = useDebouncedCallback((text: string) => onChange(text.trim() || undefined), debounceMs)
  useEffect(() => setTyped(value), [value])
  return (
    <Autocomplete
      label="Type"
      placeholder="ADMIN_UPDATED_APP"
      data={[...types]}
      value={typed}
      onChange={(text) => {
        setTyped(text)
        settle(text)
      }}
      clearable
    />
  )
}
