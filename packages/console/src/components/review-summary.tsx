import type { ReviewDefault } from '@keyhook/contract/access-words.ts'
import type { AccessReviewRead } from '@keyhook/contract/api/access-review.ts'
import { Card } from '../ui/card.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextLink } from '../ui/links.tsx'
import { Time } from '../ui/time.tsx'
import { When } from '../ui/when.tsx'
import { lengthText } from './access-length.ts'
import { PrincipalNames } from './principal-names.tsx'
import { ReviewProgress } from './review-progress.tsx'
import classes from './review-summary.module.css'

const defaults: Readonly<Record<ReviewDefault, string>> = {
  none: 'Stays, as not decided',
  keep: 'Is kept',
  remove: 'Is removed',
}

/** Who the reviewers are, in words. */
export function ReviewerNames({ reviewers }: Pick<AccessReviewRead, 'reviewers'>) {
  if (reviewers.type === 'manager') return 'The manager of each person'
  if (reviewers.type === 'app_admins') return 'The app admins of each app'
  return <PrincipalNames principals={reviewers.principals} none="Nobody" />
}

/** What is reviewed, in words. */
export function scopeWords({ scope }: Pick<AccessReviewRead, 'scope'>): string {
  const of = (names: readonly string[], all: string) => (names.length === 0 ? all : names.join(', '))
  const apps = [...scope.apps.map(({ name }) => name), ...scope.permissions.map(({ label }) => label)]
  const people = [...scope.groups, ...scope.users].map(({ name }) => name)
  return `${of(apps, 'All apps')}; ${of(people, 'everybody')}`
}

/** How far a review is: all of it, and reviewer by reviewer. */
export function ReviewSummary({ review }: { review: AccessReviewRead }) {
  const { progress, outcome, by_reviewer, status, deadline, remind_before_seconds } = review
  const over = status === 'ended' || status === 'signed_off'
  return (
    <>
      <Card title="How far it is">
        <ReviewProgress label="Decided" done={progress.decided} total={progress.total} />
        <dl className={classes.counts}>
          {[
            ['Keep', progress.keep],
            ['Remove', progress.remove],
            ['Not decided', progress.total - progress.decided],
            ...(over
              ? [
                  ['Removed by now', outcome.removed],
                  ['Being removed', outcome.removing],
                  ['Decided by the deadline', outcome.by_default],
                ]
              : []),
          ].map(([name, count]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{count?.toLocaleString('en')}</dd>
            </div>
          ))}
        </dl>
      </Card>
      {by_reviewer.length > 0 && (
        <Card title="By reviewer">
          <ul className={classes.reviewers} aria-label="By reviewer">
            {by_reviewer.map(({ reviewer, total, decided }) => (
              <li key={reviewer.id}>
                <TextLink to="." search={{ assigned: 'any', reviewer_id: reviewer.id }}>
                  {reviewer.name}
                </TextLink>
                {!reviewer.active && <span className={classes.quiet}> (deactivated)</span>}
                <ReviewProgress label={`${reviewer.name}: decided`} done={decided} total={total} />
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Card title="The review">
        <Facts
          items={[
            [
              'Deadline',
              status === 'open' ? (
                <span key="deadline">
                  <Time value={deadline} />, <When value={deadline} />
                </span>
              ) : (
                <Time key="deadline" value={deadline} />
              ),
            ],
            ['What is reviewed', scopeWords(review)],
            ['Reviewers', <ReviewerNames key="reviewers" reviewers={review.reviewers} />],
            ['What nobody decides about', defaults[review.default_decision]],
            [
              'Reminder',
              remind_before_seconds === null
                ? 'None'
                : `${lengthText(remind_before_seconds)} before the deadline`,
            ],
            ['Begun by', review.created_by ?? 'A program'],
            ['Begun', <Time key="begun" value={review.created_at} />],
            ...(review.signed_off_at
              ? ([
                  [
                    'Signed off',
                    <span key="signed">
                      <Time value={review.signed_off_at} /> by {review.signed_off_by}
                    </span>,
                  ],
                ] as const)
              : []),
          ]}
        />
      </Card>
    </>
  )
}
