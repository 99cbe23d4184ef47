import { reviewItemStatusLabels, reviewStatusLabels } from '@keyhook/contract/access-words.ts'
import type { AccessReviewRead, ReviewItemRead } from '@keyhook/contract/api/access-review.ts'
import { Button } from '@mantine/core'
import { IconDownload, IconPrinter } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { ReviewerNames, scopeWords } from '../components/review-summary.tsx'
import { useId } from '../components/search-params.ts'
import { lifecycleApi, reviewReportFile } from '../lifecycle-api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { reviewReport } from '../review-report.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { FullTime } from '../ui/time.tsx'
import { Day } from '../ui/when.tsx'
import classes from './review-report.module.css'

const columns: readonly Column<ReviewItemRead>[] = [
  {
    header: 'Person',
    cell: ({ grant }) => (
      <div>
        {grant.user.name}
        {grant.user.name !== grant.user.email && <div className={classes.quiet}>{grant.user.email}</div>}
      </div>
    ),
  },
  { header: 'App', cell: ({ grant }) => grant.app.name },
  { header: 'Permission', cell: ({ grant }) => grant.permission.label },
  { header: 'Since', cell: ({ grant }) => <Day value={grant.granted_at} /> },
  { header: 'Outcome', cell: ({ status }) => reviewItemStatusLabels[status] },
  {
    header: 'Decided by',
    cell: ({ by_default, decided_by, decided_at }) => (
      <div>
        {by_default ? 'The deadline' : (decided_by ?? 'Nobody')}
        {decided_at && (
          <div className={classes.quiet}>
            <FullTime value={decided_at} />
          </div>
        )}
      </div>
    ),
  },
  { header: 'Reason', cell: ({ reason }) => reason },
]

function Numbers({ review: { progress, outcome } }: { review: AccessReviewRead }) {
  const numbers = [
    ['Reviewed', progress.total],
    ['Keep', progress.keep],
    ['Remove', progress.remove],
    ['Not decided', progress.total - progress.decided],
    ['Removed by now', outcome.removed],
    ['Being removed', outcome.removing],
    ['By the deadline', outcome.by_default],
    ['Ended before', outcome.ended_before],
  ] as const
  return (
    <dl className={classes.numbers}>
      {numbers.map(([name, count]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{count.toLocaleString('en')}</dd>
        </div>
      ))}
    </dl>
  )
}

function SignOff({ review }: { review: AccessReviewRead }) {
  const { signed_off_at, signed_off_by } = review
  if (!signed_off_at) return 'Not signed off'
  return (
    <>
      {signed_off_by}, <FullTime value={signed_off_at} />
    </>
  )
}

/** The report of a review, made to be printed. */
export function ReviewReportPage() {
  const id = useId()
  const review = useRead(lifecycleApi.reviewView(id))
  const { items, more } = useSuspenseQuery(reviewReport(id)).data

  return (
    <>
      <PageHeader
        title={`Report: ${review.name}`}
        lead={review.description ?? undefined}
        back={<TextLink to={pb.review(id)}>← {review.name}</TextLink>}
        actions={
          <div className={classes.buttons}>
            <Button
              component="a"
              href={reviewReportFile(id)}
              download
              variant="default"
              leftSection={<IconDownload size={16} />}
            >
              Download CSV
            </Button>
            <Button leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
              Print
            </Button>
          </div>
        }
      />
      <div className={classes.stack}>
        <Card title="Outcome">
          <Numbers review={review} />
        </Card>
        <Card title="About the review">
          <div className={classes.facts}>
            <Facts
              items={[
                ['Status', reviewStatusLabels[review.status]],
                ['What was reviewed', scopeWords(review)],
                ['Reviewers', <ReviewerNames key="reviewers" reviewers={review.reviewers} />],
                ['Begun', <FullTime key="begun" value={review.created_at} />],
                ['Begun by', review.created_by ?? 'A program'],
                ['Deadline', <FullTime key="deadline" value={review.deadline} />],
                ['Signed off', <SignOff key="signed" review={review} />],
                ...(review.sign_off_comment ? ([['Comment', review.sign_off_comment]] as const) : []),
              ]}
            />
          </div>
        </Card>
        {more && (
          <Notice tone="warn" title="Not all of it is listed here.">
            The first {items.length.toLocaleString('en')} are; the CSV file has everything.
          </Notice>
        )}
        <Card title="Decisions" flush>
          <div className={classes.decisions}>
            <DataTable label="Decisions" columns={columns} rows={items} rowKey={({ id }) => id} />
          </div>
        </Card>
      </div>
    </>
  )
}
