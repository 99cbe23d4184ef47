import { requestStatusLabels } from '@keyhook/contract/access-words.ts'
import { IconMessageQuestion } from '@tabler/icons-react'
import { api } from '../api.ts'
import { Pager } from '../components/pager.tsx'
import classes from '../components/request-card.module.css'
import { RequestCard } from '../components/request-card.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { ChipNav } from '../ui/chip-nav.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import layout from './my-access.module.css'
import { askedStatuses, myRequestsOf, myRequestsSearch } from './my-requests-search.ts'

const refreshMs = 5_000
const chips = [
  { key: '', label: 'All', search: {} },
  ...askedStatuses.map((status) => ({ key: status, label: requestStatusLabels[status], search: { status } })),
]

/** What the reader asked for, and what others asked for in their name. */
export function MyRequestsPage() {
  const search = useSearchAs(myRequestsSearch)
  const me = useRead(api.me())
  const page = useRead(myRequestsOf(search), search.cursor ? undefined : refreshMs)
  const filtered = search.status !== undefined || search.cursor !== undefined

  return (
    <>
      <PageHeader title="My requests" lead="What you asked for, where it stands, and who has to act." />
      <div className={layout.stack}>
        <ChipNav label="Which requests" chips={chips} current={search.status ?? ''} />
        <Card flush>
          {page.data.length === 0 ? (
            <EmptyState
              icon={<IconMessageQuestion size={28} />}
              title={filtered ? 'None of these' : 'You have not asked for anything yet'}
              actions={<ButtonLink to={pb.catalogue()}>Look in the catalogue</ButtonLink>}
            >
              {filtered
                ? 'No request of yours is in this state now.'
                : 'Each request is listed here from the moment you send it, with what happens to it.'}
            </EmptyState>
          ) : (
            <ul className={classes.list} aria-label="My requests">
              {page.data.map((request) => (
                <RequestCard key={request.id} request={request} myId={me.id} />
              ))}
            </ul>
          )}
          <Pager cursor={search.cursor} next={page.next_cursor} newestLabel="Newest" olderLabel="Older" />
        </Card>
      </div>
    </>
  )
}
