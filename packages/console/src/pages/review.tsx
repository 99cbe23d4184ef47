import {
  reviewItemStatuses,
  reviewItemStatusLabels,
  reviewStatusLabels,
} from '@keyhook/contract/access-words.ts'
import type { AccessReviewRead } from '@keyhook/contract/api/access-review.ts'
import { NativeSelect } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { api } from '../api.ts'
import bar from '../components/list-bar.module.css'
import { Pager } from '../components/pager.tsx'
import { ReviewSummary } from '../components/review-summary.tsx'
import { reviewTones } from '../components/review-words.ts'
import { useId, useSearchAs } from '../components/search-params.ts'
import { ReviewActions } from '../forms/review-actions.tsx'
import { ReviewItems } from '../forms/review-items.tsx'
import { lifecycleApi } from '../lifecycle-api.ts'
import { pb } from '../path-builder.ts'
import { useRead, useSteadyRead } from '../query.ts'
import { ChipNav } from '../ui/chip-nav.tsx'
import { TextLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pill } from '../ui/pill.tsx'
import { ListSkeleton } from '../ui/skeletons.tsx'
import classes from './review.module.css'
import { type ReviewSearch, reviewItemsOf, reviewSearch } from './review-search.ts'

const refreshMs = 10_000
const statuses = [
  { value: '', label: 'Any decision' },
  ...reviewItemStatuses.map((value) => ({ value, label: reviewItemStatusLabels[value] })),
]

type FilterProps = { review: AccessReviewRead; search: ReviewSearch; admin: boolean }

function Filters({ review, search, admin }: FilterProps) {
  const router = useRouter()
  const { mine, by_reviewer } = review
  const current = search.reviewer_id ? 'reviewer' : (search.assigned ?? (mine.total > 0 ? 'me' : 'any'))
  const reviewer = by_reviewer.find(({ reviewer: { id } }) => id === search.reviewer_id)?.reviewer
  const { status } = search
  const chips = [
    ...(mine.total > 0
      ? [{ key: 'me', label: 'For me', search: { assigned: 'me', status }, count: String(mine.undecided) }]
      : []),
    ...(admin || mine.total === 0
      ? [{ key: 'any', label: 'Everything', search: { assigned: 'any', status } }]
      : []),
    ...(search.reviewer_id
      ? [
          {
            key: 'reviewer',
            label: reviewer?.name ?? 'One reviewer',
            search: { assigned: 'any', reviewer_id: search.reviewer_id, status },
          },
        ]
      : []),
  ]
  return (
    <search className={bar.bar} aria-label="Filter the review">
      <ChipNav label="Whose decisions" chips={chips} current={current} />
      <NativeSelect
        aria-label="Decision"
        className={bar.field ?? ''}
        data={statuses}
        value={status ?? ''}
        onChange={(event) =>
          void router.navigate({
            to: '.',
            search: {
              ...search,
              status: event.currentTarget.value || undefined,
              cursor: undefined,
            } as never,
            replace: true,
            resetScroll: false,
          })
        }
      />
    </search>
  )
}

function State({ review }: { review: AccessReviewRead }) {
  const { status, cancelled_by, sign_off_comment } = review
  if (status === 'preparing')
    return <Notice tone="info">The review is being prepared. This takes a moment for much access.</Notice>
  if (status === 'ended')
    return (
      <Notice tone="warn" title="The deadline is over.">
        Nothing more can be decided; what is to be removed is being removed. It waits for sign-off.
      </Notice>
    )
  if (status === 'cancelled')
    return <Notice tone="info" title={`Cancelled${cancelled_by ? ` by ${cancelled_by}` : ''}.`} />
  return sign_off_comment ? <Notice tone="info">{sign_off_comment}</Notice> : null
}

export function ReviewPage() {
  const id = useId()
  const search = useSearchAs(reviewSearch)
  const { role } = useRead(api.me())
  const review = useRead(lifecycleApi.reviewView(id), refreshMs)
  const { value: page } = useSteadyRead(reviewItemsOf(id, search, review.mine))
  const admin = role === 'admin'

  return (
    <>
      <PageHeader
        title={review.name}
        badge={<Pill tone={reviewTones[review.status]}>{reviewStatusLabels[review.status]}</Pill>}
        lead={review.description ?? undefined}
        back={
          admin ? (
            <TextLink to={pb.reviews()}>← Access reviews</TextLink>
          ) : (
            <TextLink to={pb.inbox()}>← For me</TextLink>
          )
        }
        actions={<ReviewActions review={review} />}
      />
      <div className={classes.columns}>
        <div className={classes.stack}>
          <State review={review} />
          {page === null ? (
            <ListSkeleton />
          ) : (
            <ReviewItems
              reviewId={id}
              page={page}
              filters={<Filters review={review} search={search} admin={admin} />}
              pager={
                <Pager
                  cursor={search.cursor}
                  next={page.next_cursor}
                  newestLabel="First page"
                  olderLabel="Next page"
                />
              }
            />
          )}
        </div>
        <div className={classes.stack}>
          <ReviewSummary review={review} />
        </div>
      </div>
    </>
  )
}
