import { grantStatuses, grantStatusLabels } from '@keyhook/contract/access-words.ts'
import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import { Button, NativeSelect } from '@mantine/core'
import { IconKey, IconUpload } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { api } from '../api.ts'
import { appApi } from '../app-api.ts'
import { endWords, grantTone } from '../components/grant-words.ts'
import bar from '../components/list-bar.module.css'
import { Pager } from '../components/pager.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { PrincipalPicker } from '../forms/principal-picker.tsx'
import { RevokeButton } from '../forms/revoke-form.tsx'
import { pb } from '../path-builder.ts'
import { useRead, useSideRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pill } from '../ui/pill.tsx'
import { Day } from '../ui/when.tsx'
import { filterApps, type GrantSearch, grantListOf, grantSearch } from './grant-search.ts'

const refreshMs = 10_000
const all = { value: '', label: 'All' }
const statuses = grantStatuses.map((value) => ({ value, label: grantStatusLabels[value] }))

const columns: readonly Column<GrantRead>[] = [
  {
    header: 'Person',
    cell: ({ user, access_request_id }) => (
      <TextLink to={pb.request(access_request_id)} fw={600}>
        {user.name}
      </TextLink>
    ),
  },
  { header: 'App', cell: ({ app }) => app.name },
  { header: 'Permission', cell: ({ permission }) => permission.label },
  {
    header: 'Status',
    cell: (grant) => <Pill tone={grantTone(grant)}>{grantStatusLabels[grant.status]}</Pill>,
  },
  { header: 'Since', wideOnly: true, cell: ({ granted_at }) => <Day value={granted_at} /> },
  { header: 'Until', cell: (grant) => endWords(grant, Date.now()) },
  {
    header: 'Actions',
    headerHidden: true,
    cell: (grant) => grant.status === 'active' && <RevokeButton grant={grant} />,
  },
]

function Filters({ search }: { search: GrantSearch }) {
  const router = useRouter()
  const apps = useRead(filterApps)
  const permissions = useSideRead(appApi.permissionList(search.app_id ?? ''), {
    enabled: search.app_id !== undefined,
  })
  const filtered = Object.values(search).some((value) => value !== undefined)
  const set = (change: Partial<GrantSearch>) =>
    void router.navigate({
      to: '.',
      search: { ...search, ...change, cursor: undefined } as never,
      resetScroll: false,
    })

  return (
    <search className={bar.bar} aria-label="Filter access">
      <NativeSelect
        label="App"
        className={bar.field ?? ''}
        data={[all, ...apps.data.map(({ id, name }) => ({ value: id, label: name }))]}
        value={search.app_id ?? ''}
        onChange={(event) =>
          set({ app_id: event.currentTarget.value || undefined, permission_id: undefined })
        }
      />
      {search.app_id && (
        <NativeSelect
          label="Permission"
          className={bar.field ?? ''}
          data={[all, ...(permissions?.data ?? []).map(({ id, label }) => ({ value: id, label }))]}
          value={search.permission_id ?? ''}
          onChange={(event) => set({ permission_id: event.currentTarget.value || undefined })}
        />
      )}
      <div className={bar.search}>
        <PrincipalPicker
          label="Person"
          kind="user"
          most={1}
          value={search.user_id ? [search.user_id] : []}
          onChange={([user_id]) => set({ user_id })}
        />
      </div>
      <NativeSelect
        label="Status"
        className={bar.field ?? ''}
        data={[all, ...statuses]}
        value={search.status ?? ''}
        onChange={(event) => set(grantSearch({ ...search, status: event.currentTarget.value }))}
      />
      {filtered && (
        <Button variant="default" onClick={() => void router.navigate({ to: pb.grants(), search: {} })}>
          Clear filters
        </Button>
      )}
    </search>
  )
}

/** The access that people have, for those who answer for it. */
export function GrantsPage() {
  const search = useSearchAs(grantSearch)
  const { role } = useRead(api.me())
  const page = useRead(grantListOf(search), search.cursor ? undefined : refreshMs)
  const filtered = Object.values(search).some((value) => value !== undefined)

  return (
    <>
      <PageHeader
        title="Who has access"
        lead="Who has what, since when and until when. The newest first."
        actions={
          role === 'admin' && (
            <ButtonLink variant="default" to={pb.lastUsed()} leftSection={<IconUpload size={16} />}>
              Import last use
            </ButtonLink>
          )
        }
      />
      <Card flush>
        <Filters search={search} />
        {page.data.length === 0 ? (
          <EmptyState
            icon={<IconKey size={28} />}
            title={filtered ? 'Nobody matches' : 'Nobody has access yet'}
            actions={
              filtered && (
                <ButtonLink variant="default" to={pb.grants()} search={{}}>
                  Show all
                </ButtonLink>
              )
            }
          >
            {filtered
              ? 'Loosen a filter to see more.'
              : 'As soon as a request is fulfilled, the access that it gave is listed here.'}
          </EmptyState>
        ) : (
          <DataTable label="Who has access" columns={columns} rows={page.data} rowKey={({ id }) => id} />
        )}
        <Pager cursor={search.cursor} next={page.next_cursor} newestLabel="Newest" olderLabel="Older" />
      </Card>
    </>
  )
}
