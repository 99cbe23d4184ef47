import type { CatalogueEntry } from '@keyhook/contract/api/app.ts'
import { Checkbox, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'
import { Pill } from '../ui/pill.tsx'
import classes from './request-choices.module.css'

type Permission = CatalogueEntry['permissions'][number]
type Props = {
  permissions: readonly Permission[]
  value: readonly string[]
  onChange: (ids: string[]) => void
  /** What the asker has already cannot be asked for again; for a colleague it is not known. */
  forMe: boolean
  error: ReactNode
}

const manyFrom = 10

function PermissionCard({ permission, disabled }: { permission: Permission; disabled: boolean }) {
  const { id, label, description } = permission
  const aboutId = useId()
  return (
    <Checkbox.Card
      value={id}
      className={classes.card ?? ''}
      disabled={disabled}
      aria-label={label}
      {...(description ? { 'aria-describedby': aboutId } : {})}
    >
      <Checkbox.Indicator disabled={disabled} />
      <span className={classes.words}>
        <span className={classes.label}>
          {label} {disabled && <Pill tone="good">You have this</Pill>}
        </span>
        {description && (
          <span id={aboutId} className={classes.about}>
            {description}
          </span>
        )}
      </span>
    </Checkbox.Card>
  )
}

/** What of the app is asked for: one or several. */
export function RequestPermissions({ permissions, value, onChange, forMe, error }: Props) {
  const [search, setSearch] = useState('')
  const words = search.trim().toLowerCase()
  const matches = ({ label, description }: Permission) =>
    `${label} ${description ?? ''}`.toLowerCase().includes(words)
  // What is chosen stays in sight.
  const listed = permissions
    .filter((one) => value.includes(one.id) || matches(one))
    .sort((left, right) => left.label.localeCompare(right.label, 'en', { numeric: true }))

  if (permissions.length === 0)
    return <p className={classes.about}>There is nothing to ask for in this app yet.</p>
  return (
    <div className={classes.stack}>
      {forMe && permissions.every(({ held }) => held) && (
        <p className={classes.about}>You have everything of this app already.</p>
      )}
      {permissions.length >= manyFrom && (
        <TextInput
          type="search"
          aria-label="Search in the list"
          placeholder={`Search in ${permissions.length}`}
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <Checkbox.Group
        label="What you need"
        labelProps={{ className: classes.hidden ?? '' }}
        value={[...value]}
        onChange={onChange}
        error={error}
        aria-invalid={error ? true : undefined}
        tabIndex={error ? -1 : undefined}
      >
        <div className={classes.cards}>
          {listed.map((permission) => (
            <PermissionCard key={permission.id} permission={permission} disabled={forMe && permission.held} />
          ))}
          {listed.length === 0 && <p className={classes.about}>Nothing of that name.</p>}
        </div>
      </Checkbox.Group>
    </div>
  )
}
