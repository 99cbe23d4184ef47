import { requestStatuses, requestStatusLabels } from '@keyhook/contract/access-words.ts'
import type { AccessRequestSummary } from '@keyhook/contract/api/access-request.ts'
import { Button, NativeSelect } from '@mantine/core'
import { IconMessageQuestion } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import bar from '../components/list-bar.module.css'
import { Pager } from '../components/pager.tsx'
import { RequestPill } from '../components/request-pill.tsx'
import { isBusy, listWords } from '../components/request-words.ts'
import { useSearchAs } from '../components/search-params.ts'
import { PrincipalPicker } from '../forms/principal-picker.tsx'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { When } from '../ui/when.tsx'
import { filterApps } from './grant-search.ts'
import { type RequestsSearch, requestListOf, requestsSearch } from './requests-search.ts'

const refreshMs = 5_000
const all = { value: '', label: 'All' }
const statuses = requestStatuses.map((value) => ({ value, label: requestStatusLabels[value] }))

const columns: readonly Column<AccessRequestSummary>[] = [
  {
    header: 'For',
    cell: ({ id, target_user }) => (
      <TextLink to={pb.request(id)} fw={600}>
        {target_user.name}
      </TextLink>
    ),
  },
  { header: 'App', cell: ({ app }) => app.name },
  {
    header: 'What',
    cell: ({ permissions, extension }) => (
      <>
        {extension && 'Longer: '}
        {listWords(permissions.map(({ label }) => label))}
      </>
    ),
  },
  { header: 'Status', cell: (request) => <RequestPill request={request} /> },
  {
    header: 'Waits for',
    wideOnly: true,
    cell: ({ waiting_for, status }) => (isBusy(status) ? '' : waiting_for),
  },
  { header: 'Asked', cell: ({ created_at }) => <When value={created_at} /> },
]

function Filters({ search }: { search: RequestsSearch }) {
  const router = useRouter()
  const apps = useRead(filterApps)
  const filtered = Object.values(search).some((value) => value !== undefined)
  const set = (change: Record<string, string | undefined>) =>
    void router.navigate({
      to: '.',
      search: requestsSearch({ ...search, ...change, cursor: undefined }) as never,
      resetScroll: false,
    })
  return (
    <search className={bar.bar} aria-label="Filter requests">
      <NativeSelect
        label="Status"
        className={bar.field ?? ''}
        data={[all, ...statuses]}
        value={search.status ?? ''}
        onChange={(event) => set({ status: event.currentTarget.value })}
      />
      <NativeSelect
        label="App"
        className={bar.field ?? ''}
        data={[all, ...apps.data.map(({ id, name }) => ({ value: id, label: name }))]}
        value={search.app_id ?? ''}
        onChange={(event) => set({ app_id: event.currentTarget.value })}
      />
      <div className={bar.search}>
        <PrincipalPicker
          label="Person"
          kind="user"
          most={1}
          value={search.user_id ? [search.user_id] : []}
          onChange={([user_id]) => set({ user_id })}
        />
      </div>
      {filtered && (
        <Button variant="default" onClick={() => void router.navigate({ to: pb.requests(), search: {} })}>
          Clear filters
        </Button>
      )}
    </search>
  )
}

/** All requests that the reader answers for: of their apps, or of all. */
export function RequestsPage() {
  const search = useSearchAs(requestsSearch)
  const page = useRead(requestListOf(search), search.cursor ? undefined : refreshMs)
  const filtered = Object.values(search).some((value) => value !== undefined)

  return (
    <>
      <PageHeader title="Requests" lead="Who asked for what, and where it stands. The newest first." />
      <Card flush>
        <Filters search={search} />
        {page.data.length === 0 ? (
          <EmptyState
            icon={<IconMessageQuestion size={28} />}
            title={filtered ? 'No request matches' : 'No requests yet'}
            actions={
              filtered && (
                <ButtonLink variant="default" to={pb.requests()} search={{}}>
                  Show all requests
                </ButtonLink>
              )
            }
          >
            {filtered
              ? 'Loosen a filter to see more.'
              : 'What people ask for in the catalogue, and programs by the API, is listed here.'}
          </EmptyState>
        ) : (
          <DataTable label="Requests" columns={columns} rows={page.data} rowKey={({ id }) => id} />
        )}
        <Pager cursor={search.cursor} next={page.next_cursor} newestLabel="Newest" olderLabel="Older" />
      </Card>
    </>
  )
}
