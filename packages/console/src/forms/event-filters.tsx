import { eventTypes } from '@keyhook/contract/event-types.ts'
import { Button, NativeSelect, Select, TextInput } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
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
type Props = { search: Filters }

const outcomes = [
  { value: '', label: 'All' },
  { value: 'SUCCEEDED', label: 'Succeeded' },
  { value: 'FAILED', label: 'Failed' },
]

/** The filters of the activity log. They live in the address, so a filtered log can be sent to somebody. */
export function EventFilters({ search }: Props) {
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
          <TypeField value={search.type ?? ''} onChange={(type) => set({ type })} />
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

type TypeProps = { value: string; onChange: (type: string | undefined) => void }

/** A type by its words. Types of other systems are not in the list: one that the address names is offered as well. */
function TypeField({ value, onChange }: TypeProps) {
  const known = Object.entries(eventTypes).map(([type, label]) => ({ value: type, label }))
  const own = value !== '' && !Object.hasOwn(eventTypes, value) ? [{ value, label: value }] : []
  return (
    <Select
      label="Type"
      placeholder="All"
      data={[...own, ...known.toSorted((left, right) => left.label.localeCompare(right.label))]}
      value={value || null}
      onChange={(type) => onChange(type ?? undefined)}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Clear Type' }}
      nothingFoundMessage="No type of that name."
    />
  )
}
