import { offboardingStatuses, offboardingStatusLabels } from '@keyhook/contract/access-words.ts'
import type { OffboardingSummary } from '@keyhook/contract/api/offboarding.ts'
import { IconDoorExit } from '@tabler/icons-react'
import { offboardingTones, offboardingWords } from '../components/offboarding-words.ts'
import { Pager } from '../components/pager.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { ChipNav } from '../ui/chip-nav.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pill } from '../ui/pill.tsx'
import { Time } from '../ui/time.tsx'
import { offboardingListOf, offboardingsSearch } from './offboarding-search.ts'
import classes from './reviews.module.css'

const refreshMs = 5_000
const chips = [
  { key: '', label: 'All', search: {} },
  ...offboardingStatuses.map((status) => ({
    key: status,
    label: offboardingStatusLabels[status],
    search: { status },
  })),
]

const columns: readonly Column<OffboardingSummary>[] = [
  {
    header: 'Who left',
    cell: ({ id, user }) => (
      <TextLink to={pb.offboarding(id)} fw={600}>
        {user.name}
      </TextLink>
    ),
  },
  {
    header: 'Status',
    cell: ({ status }) => <Pill tone={offboardingTones[status]}>{offboardingStatusLabels[status]}</Pill>,
  },
  { header: 'Access', cell: offboardingWords },
  { header: 'Begun', cell: ({ started_at }) => <Time value={started_at} /> },
  { header: 'By', wideOnly: true, cell: ({ started_by }) => started_by },
]

export function OffboardingsPage() {
  const search = useSearchAs(offboardingsSearch)
  const page = useRead(offboardingListOf(search), search.cursor ? undefined : refreshMs)
  const empty = page.data.length === 0 && !search.status && !search.cursor && !search.user_id

  return (
    <>
      <PageHeader
        title="Offboarding"
        lead="Who left, how far the removal of their access is, and what a person must still do."
      />
      <div className={classes.stack}>
        {!empty && <ChipNav label="Status" chips={chips} current={search.status ?? ''} />}
        <Card flush>
          {page.data.length === 0 ? (
            <EmptyState
              icon={<IconDoorExit size={28} />}
              title={empty ? 'Nobody has left yet' : 'None with this status'}
              actions={empty && <ButtonLink to={pb.users()}>Go to Users</ButtonLink>}
            >
              {empty
                ? 'Offboarding begins when a user is deactivated: by hand, by a CSV file or by SCIM. All their access is removed at the same time.'
                : 'Choose another status above.'}
            </EmptyState>
          ) : (
            <DataTable label="Offboardings" columns={columns} rows={page.data} rowKey={({ id }) => id} />
          )}
          <Pager cursor={search.cursor} next={page.next_cursor} newestLabel="Newest" olderLabel="Older" />
        </Card>
      </div>
    </>
  )
}
