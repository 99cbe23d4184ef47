import type { PrincipalRef } from '@keyhook/contract/api/access-parts.ts'
import { type ComboboxItem, Loader, MultiSelect, type OptionsFilter } from '@mantine/core'
import { IconUser, IconUsersGroup } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { sentenceOf } from '../api-error.ts'
import { usePrincipalSearch, usePrincipals } from '../components/use-principals.ts'
import type { PrincipalKind } from '../principal-api.ts'
import classes from './principal-picker.module.css'

type Props = {
  label: string
  description?: ReactNode
  placeholder?: string
  value: readonly string[]
  onChange: (ids: string[]) => void
  error?: ReactNode
  /** Only users or only groups; left out: both. */
  kind?: PrincipalKind
  /** 1 makes it a field for one. */
  most?: number
}

// The server has searched already.
const asFound: OptionsFilter = ({ options }) => options

/** A field for users and groups, found by typing a part of a name. */
export function PrincipalPicker({
  label,
  description,
  placeholder = 'Type a name',
  value,
  onChange,
  error,
  kind,
  most = 200,
}: Props) {
  const [search, setSearch] = useState('')
  const { found, busy, error: failure } = usePrincipalSearch(search, kind)
  const chosen = usePrincipals(value)
  // What was found before stays known, so that a choice has its name at once.
  const known = new Map<string, PrincipalRef>([...found.map((one) => [one.id, one] as const), ...chosen])
  const listed = [...new Set([...value, ...found.map(({ id }) => id)])]
  const data = listed.map((id): ComboboxItem => ({ value: id, label: nameOf(known.get(id), id) }))
  const single = most === 1

  return (
    <MultiSelect
      label={label}
      description={description}
      placeholder={value.length === 0 || !single ? placeholder : ''}
      data={data}
      value={[...value]}
      onChange={(ids) => onChange(single ? ids.slice(-1) : ids)}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label}` }}
      hidePickedOptions
      filter={asFound}
      maxValues={single ? 2 : most}
      rightSection={busy && search !== '' ? <Loader size={16} /> : null}
      nothingFoundMessage={failure ? sentenceOf(failure) : busy ? 'Looking…' : nothingFound(kind, search)}
      renderOption={({ option }) => <Option principal={known.get(option.value)} label={option.label} />}
      error={error}
    />
  )
}

function nameOf(principal: PrincipalRef | undefined, id: string): string {
  if (!principal) return id
  return principal.active ? principal.name : `${principal.name} (deactivated)`
}

function nothingFound(kind: PrincipalKind | undefined, search: string): string {
  const what = kind === 'user' ? 'user' : kind === 'group' ? 'group' : 'user or group'
  return search.trim() === '' ? `There is no ${what} yet.` : `No ${what} of that name.`
}

function Option({ principal, label }: { principal: PrincipalRef | undefined; label: string }) {
  const Icon = principal?.kind === 'group' ? IconUsersGroup : IconUser
  return (
    <span className={classes.option}>
      <Icon size={16} stroke={1.7} aria-hidden="true" />
      <span>{label}</span>
      {principal?.kind === 'group' && <span className={classes.kind}>Group</span>}
    </span>
  )
}
