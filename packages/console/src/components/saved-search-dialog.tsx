import { Button, Modal, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import classes from './log-export.module.css'

type Named = { id: string | null; name: string; shared: boolean }
type Props = { search: Named; onSave: (search: Named) => void; onClose: () => void }

/** The name of a saved search, and who sees it. */
export function SavedSearchDialog({ search, onSave, onClose }: Props) {
  const [name, setName] = useState(search.name)
  const [shared, setShared] = useState(search.shared)
  const [error, setError] = useState<string | null>(null)

  function submit(event: FormEvent) {
    event.preventDefault()
    const trimmed = name.trim()
    if (trimmed === '') return setError('Enter a name.')
    if (trimmed.length > 100) return setError('At most 100 characters.')
    onSave({ id: search.id, name: trimmed, shared })
  }

  return (
    <Modal opened onClose={onClose} title={search.id === null ? 'Save this search' : 'Saved search'}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          label="Name"
          placeholder="Failed sign-ins"
          value={name}
          error={error}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Switch
          label="All administrators see it"
          checked={shared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        <div className={classes.actions}>
          <Button type="submit">Save</Button>
        </div>
      </form>
    </Modal>
  )
}
