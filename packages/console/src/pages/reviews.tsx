import { reviewStatuses, reviewStatusLabels } from '@keyhook/contract/access-words.ts'
import type { AccessReviewSummary } from '@keyhook/contract/api/access-review.ts'
import { IconClipboardCheck, IconPlus } from '@tabler/icons-react'
import { api } from '../api.ts'
import { Pager } from '../components/pager.tsx'
import { ReviewProgress } from '../components/review-progress.tsx'
import { reviewTones } from '../components/review-words.ts'
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
import { When } from '../ui/when.tsx'
import { reviewListOf, reviewsSearch } from './review-search.ts'
import classes from './reviews.module.css'

const refreshMs = 10_000
const chips = [
  { key: '', label: 'All', search: {} },
  ...reviewStatuses
    .filter((status) => status !== 'preparing')
    .map((status) => ({ key: status, label: reviewStatusLabels[status], search: { status } })),
]

const columns: readonly Column<AccessReviewSummary>[] = [
  {
    header: 'Review',
    cell: ({ id, name }) => (
      <TextLink to={pb.review(id)} fw={600}>
        {name}
      </TextLink>
    ),
  },
  {
    header: 'Status',
    cell: ({ status }) => <Pill tone={reviewTones[status]}>{reviewStatusLabels[status]}</Pill>,
  },
  {
    header: 'Decided',
    cell: ({ name, progress }) => (
      <ReviewProgress label={`${name}: decided`} done={progress.decided} total={progress.total} compact />
    ),
  },
  { header: 'To be removed', cell: ({ progress }) => progress.remove.toLocaleString('en') },
  {
    header: 'Deadline',
    cell: ({ status, deadline }) =>
      status === 'open' ? <When value={deadline} /> : <Time value={deadline} />,
  },
]

function AddReview() {
  return (
    <ButtonLink to={pb.reviewNew()} leftSection={<IconPlus size={17} />}>
      New review
    </ButtonLink>
  )
}

export function ReviewsPage() {
  const search = useSearchAs(reviewsSearch)
  const { role } = useRead(api.me())
  const page = useRead(reviewListOf(search), search.cursor ? undefined : refreshMs)
  const admin = role === 'admin'
  const empty = page.data.length === 0 && !search.status && !search.cursor

  return (
    <>
      <PageHeader
        title="Access reviews"
        lead="Is the access that people have still needed? Reviewers say so, one by one."
        actions={admin && !empty ? <AddReview /> : undefined}
      />
      <div className={classes.stack}>
        {!empty && <ChipNav label="Status" chips={chips} current={search.status ?? ''} />}
        <Card flush>
          {page.data.length === 0 ? (
            <EmptyState
              icon={<IconClipboardCheck size={28} />}
              title={empty ? 'No reviews yet' : 'None with this status'}
              actions={empty && admin && <AddReview />}
            >
              {empty
                ? 'A review asks managers, app admins or people by name to keep or remove access, until a deadline. What is to be removed is then removed.'
                : 'Choose another status above.'}
            </EmptyState>
          ) : (
            <DataTable label="Access reviews" columns={columns} rows={page.data} rowKey={({ id }) => id} />
          )}
          <Pager cursor={search.cursor} next={page.next_cursor} newestLabel="Newest" olderLabel="Older" />
        </Card>
      </div>
    </>
  )
}
