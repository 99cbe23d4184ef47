import type { GroupRead } from '@keyhook/contract/api/group.ts'
import { directorySourceLabels } from '@keyhook/contract/directory-words.ts'
import { IconPlus, IconUsersGroup } from '@tabler/icons-react'
import bar from '../components/list-bar.module.css'
import { Pager } from '../components/pager.tsx'
import { SearchBox } from '../components/search-box.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { pb } from '../path-builder.ts'
import { useSteadyRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { ListSkeleton } from '../ui/skeletons.tsx'
import { Day } from '../ui/when.tsx'
import { groupListOf, groupsSearch } from './user-search.ts'

const columns: readonly Column<GroupRead>[] = [
  {
    header: 'Group',
    cell: ({ id, name }) => (
      <TextLink to={pb.group(id)} fw={600}>
        {name}
      </TextLink>
    ),
  },
  { header: 'Members', cell: ({ member_count }) => member_count.toLocaleString('en') },
  { header: 'Description', cell: ({ description }) => description },
  { header: 'From', wideOnly: true, cell: ({ source }) => directorySourceLabels[source] },
  { header: 'Changed', wideOnly: true, cell: ({ updated_at }) => <Day value={updated_at} /> },
]

function AddGroup() {
  return (
    <ButtonLink to={pb.groupNew()} leftSection={<IconPlus size={17} />}>
      Add group
    </ButtonLink>
  )
}

export function GroupsPage() {
  const search = useSearchAs(groupsSearch)
  const { value: page, isLate } = useSteadyRead(groupListOf(search))
  const none = page?.data.length === 0
  const empty = none && !search.q && !search.cursor

  return (
    <>
      <PageHeader
        title="Groups"
        lead="Several users under one name, for approvers, app admins, rules and who may request what."
        actions={empty ? undefined : <AddGroup />}
      />
      <Card flush>
        {empty ? (
          <EmptyState icon={<IconUsersGroup size={28} />} title="No groups yet" actions={<AddGroup />}>
            Add one by hand, import users with a column of groups, or let your identity provider push its
            groups by SCIM.
          </EmptyState>
        ) : (
          <>
            <search className={bar.bar} aria-label="Filter groups">
              <SearchBox
                label="Search groups"
                placeholder="Search by name"
                q={search.q}
                className={bar.search}
              />
            </search>
            {page === null ? (
              <ListSkeleton />
            ) : none ? (
              <EmptyState icon={<IconUsersGroup size={28} />} title="No group matches">
                Search for less.
              </EmptyState>
            ) : (
              <div aria-busy={isLate}>
                <DataTable label="Groups" columns={columns} rows={page.data} rowKey={({ id }) => id} />
              </div>
            )}
            <Pager
              cursor={search.cursor}
              next={page?.next_cursor ?? null}
              newestLabel="First page"
              olderLabel="Next page"
            />
          </>
        )}
      </Card>
    </>
  )
}
