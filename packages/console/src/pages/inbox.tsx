import type { InboxRead } from '@keyhook/contract/api/access-review.ts'
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import { IconMoodHappy } from '@tabler/icons-react'
import { useSuspenseQueries } from '@tanstack/react-query'
import { accessApi } from '../access-api.ts'
import { mergePages } from '../components/inbox-pages.ts'
import { countWords } from '../components/inbox-words.ts'
import { Pager } from '../components/pager.tsx'
import { ReviewCard } from '../components/review-card.tsx'
import { useSearchAs } from '../components/search-params.ts'
import classes from '../components/task-card.module.css'
import { TaskCard } from '../components/task-card.tsx'
import { query, useSideRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { ChipNav } from '../ui/chip-nav.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { type InboxSearch, inboxLists, inboxSearch } from './inbox-search.ts'
import layout from './my-access.module.css'

const refreshMs = 10_000

function chipsOf(inbox: InboxRead | null) {
  const count = (n: number | undefined) => countWords(n ?? 0, inbox?.counted_to) ?? undefined
  return [
    { key: '', label: 'Everything', search: {} },
    { key: 'approvals', label: 'Approvals', search: { kind: 'approvals' }, count: count(inbox?.approvals) },
    { key: 'by_hand', label: 'By hand', search: { kind: 'by_hand' }, count: count(inbox?.confirmations) },
    { key: 'reviews', label: 'Reviews', search: { kind: 'reviews' }, count: count(inbox?.reviews) },
  ]
}

/** Tasks of all the lists, the newest first; the page after this one goes on behind the last of them. */
function useTasks(search: InboxSearch): { tasks: TaskRead[]; next: string | null } {
  const pages = useSuspenseQueries({
    queries: inboxLists(search).map((what) => ({ ...query(what), refetchInterval: refreshMs })),
  }).map(({ data }) => data.value)
  const { items, next } = mergePages(pages)
  return { tasks: items, next }
}

/** Everything that waits for the reader. */
export function InboxPage() {
  const search = useSearchAs(inboxSearch)
  const inbox = useSideRead(accessApi.inbox(), { refreshMs })
  const { tasks, next } = useTasks(search)
  const withReviews = search.kind === undefined || search.kind === 'reviews'
  const reviews = useSideRead(accessApi.myReviews(), { refreshMs, enabled: withReviews })
  const open = (withReviews ? (reviews?.data ?? []) : []).filter(({ mine }) => mine.undecided > 0)
  const empty = tasks.length === 0 && open.length === 0

  return (
    <>
      <PageHeader title="For me" lead="What waits for you: decisions, work by hand, and reviews." />
      <div className={layout.stack}>
        <ChipNav label="What waits" chips={chipsOf(inbox)} current={search.kind ?? ''} />
        <Card flush>
          {empty ? (
            <EmptyState icon={<IconMoodHappy size={28} />} title="Nothing waits for you">
              When somebody needs your decision, or work of your hands, it is shown here.
            </EmptyState>
          ) : (
            <ul className={classes.list} aria-label="What waits for you">
              {open.map((review) => (
                <ReviewCard key={review.id} review={review} />
              ))}
              {tasks.map((task) => (
                <TaskCard key={task.id} task={task} />
              ))}
            </ul>
          )}
          <Pager cursor={search.cursor} next={next} newestLabel="Newest" olderLabel="Older" />
        </Card>
      </div>
    </>
  )
}
