import type { SavedSearchRead } from '@keyhook/contract/api/saved-search.ts'
import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconBookmark, IconPencil, IconTrash } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { sentenceOf } from '../api-error.ts'
import { logActions, logApi } from '../log-api.ts'
import { pb } from '../path-builder.ts'
import { invalidate, useSideRead } from '../query.ts'
import { toast, toastError } from '../ui/toast.ts'
import { SavedSearchDialog } from './saved-search-dialog.tsx'
import classes from './saved-searches.module.css'
import { toastUndo } from './toast-undo.tsx'

type Filters = SavedSearchRead['filters']
type Editing = { id: string | null; name: string; shared: boolean }

const changed = () => invalidate('/saved-searches')

async function attempt(action: () => Promise<unknown>, done?: string): Promise<void> {
  try {
    await action()
    await changed()
    if (done) toast(done)
  } catch (error) {
    toastError(sentenceOf(error))
  }
}

function remove({ id, name, filters, shared }: SavedSearchRead): Promise<void> {
  return attempt(async () => {
    await logActions.searchDelete(id)
    toastUndo(`“${name}” is deleted.`, () =>
      attempt(() => logActions.searchSave({ name, filters, shared }), `“${name}” is back.`),
    )
  })
}

/** Searches that are kept: to open one, to keep the one at hand, to rename and to delete one's own. */
export function SavedSearches({ filters }: { filters: Filters }) {
  const router = useRouter()
  const [editing, setEditing] = useState<Editing | null>(null)
  const searches = useSideRead(logApi.savedSearchList())?.data ?? []
  const hasFilters = Object.values(filters).some((value) => value !== undefined)
  const open = (search: SavedSearchRead) =>
    void router.navigate({ to: pb.events(), search: search.filters, resetScroll: false })

  function save({ id, name, shared }: Editing) {
    setEditing(null)
    void attempt(
      () =>
        id === null
          ? logActions.searchSave({ name, filters, shared })
          : logActions.searchChange(id, { name, shared }),
      `“${name}” is saved.`,
    )
  }

  return (
    <>
      <Menu position="bottom-end" width={320}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={16} />}>
            Saved searches
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {searches.length === 0 && <Menu.Label>None yet. Filter the log, then save the search.</Menu.Label>}
          {searches.map((search) => (
            <div key={search.id} className={classes.row}>
              <Menu.Item onClick={() => open(search)}>
                {search.name}
                {search.shared && (
                  <span className={classes.quiet}>
                    {search.mine ? 'Shared' : `Shared by ${search.owner_name}`}
                  </span>
                )}
              </Menu.Item>
              {search.mine && (
                <>
                  <ActionIcon
                    variant="subtle"
                    aria-label={`Rename ${search.name}`}
                    onClick={() => setEditing(search)}
                  >
                    <IconPencil size={15} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    aria-label={`Delete ${search.name}`}
                    onClick={() => void remove(search)}
                  >
                    <IconTrash size={15} />
                  </ActionIcon>
                </>
              )}
            </div>
          ))}
          <Menu.Divider />
          <Menu.Item disabled={!hasFilters} onClick={() => setEditing({ id: null, name: '', shared: false })}>
            Save this search…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {editing && <SavedSearchDialog search={editing} onSave={save} onClose={() => setEditing(null)} />}
    </>
  )
}
