import {
  userRoleLabels,
  userRoles,
  userStatuses,
  userStatusLabels,
} from '@keyhook/contract/directory-words.ts'
import { NativeSelect } from '@mantine/core'
import { IconFileImport, IconPlus, IconUsers } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import bar from '../components/list-bar.module.css'
import { Pager } from '../components/pager.tsx'
import { SearchBox } from '../components/search-box.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { UserTable } from '../components/user-table.tsx'
import { pb } from '../path-builder.ts'
import { useSteadyRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { ListSkeleton } from '../ui/skeletons.tsx'
import { userListOf, usersSearch } from './user-search.ts'

const any = { value: '', label: 'All' }
const statuses = [any, ...userStatuses.map((value) => ({ value, label: userStatusLabels[value] }))]
const roles = [any, ...userRoles.map((value) => ({ value, label: userRoleLabels[value] }))]

export function UsersPage() {
  const router = useRouter()
  const search = useSearchAs(usersSearch)
  const { value: page, isLate } = useSteadyRead(userListOf(search))
  const set = (change: Partial<typeof search>) =>
    void router.navigate({
      to: pb.users(),
      search: { ...search, ...change, cursor: undefined },
      replace: true,
    })

  return (
    <>
      <PageHeader
        title="Users"
        lead="The people of the company: who asks, who approves, who has access."
        actions={
          <>
            <ButtonLink variant="default" to={pb.userImport()} leftSection={<IconFileImport size={17} />}>
              Import CSV
            </ButtonLink>
            <ButtonLink to={pb.userNew()} leftSection={<IconPlus size={17} />}>
              Add user
            </ButtonLink>
          </>
        }
      />
      <Card flush>
        <search className={bar.bar} aria-label="Filter users">
          <SearchBox
            label="Search users"
            placeholder="Name or e-mail address"
            q={search.q}
            className={bar.search}
          />
          <NativeSelect
            aria-label="Status"
            className={bar.field ?? ''}
            data={statuses.map(({ value, label }) => ({
              value,
              label: value === '' ? 'Any status' : label,
            }))}
            value={search.status ?? ''}
            onChange={(event) => set(usersSearch({ ...search, status: event.currentTarget.value }))}
          />
          <NativeSelect
            aria-label="Role"
            className={bar.field ?? ''}
            data={roles.map(({ value, label }) => ({ value, label: value === '' ? 'Any role' : label }))}
            value={search.role ?? ''}
            onChange={(event) => set(usersSearch({ ...search, role: event.currentTarget.value }))}
          />
        </search>
        {page === null ? (
          <ListSkeleton />
        ) : page.data.length === 0 ? (
          <EmptyState icon={<IconUsers size={28} />} title="Nobody matches">
            Search for less, or look at every status and role.
          </EmptyState>
        ) : (
          <div aria-busy={isLate}>
            <UserTable label="Users" users={page.data} />
          </div>
        )}
        <Pager
          cursor={search.cursor}
          next={page?.next_cursor ?? null}
          newestLabel="First page"
          olderLabel="Next page"
        />
      </Card>
    </>
  )
}
