import { Switch } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useState } from 'react'
import { EventList } from '../components/event-list.tsx'
import { LiveEvents } from '../components/live-events.tsx'
import { LogExport } from '../components/log-export.tsx'
import { Pager } from '../components/pager.tsx'
import { RetentionCard } from '../components/retention-card.tsx'
import { SavedSearches } from '../components/saved-searches.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { EventFilters } from '../forms/event-filters.tsx'
import { pb } from '../path-builder.ts'
import { useSteadyRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { ListSkeleton } from '../ui/skeletons.tsx'
import layout from './delivery.module.css'
import { eventListOf, eventsSearch } from './event-search.ts'

export function EventsPage() {
  const search = useSearchAs(eventsSearch)
  const [wantsLive, setWantsLive] = useState(false)
  const { cursor, ...filters } = search
  // Older pages stay as they are.
  const live = wantsLive && cursor === undefined
  const { value: page, isLate } = useSteadyRead(eventListOf(search))
  const filtered = Object.values(search).some((value) => value !== undefined)

  return (
    <>
      <PageHeader
        title="Activity log"
        lead="Who did what to what, when, and with what outcome. Entries are never changed; each is chained to the one before."
        actions={
          <>
            <Switch
              label="Live"
              checked={wantsLive}
              onChange={(event) => setWantsLive(event.currentTarget.checked)}
            />
            <SavedSearches filters={filters} />
            <LogExport filters={filters} />
          </>
        }
      />
      <div className={layout.stack}>
        <Card flush>
          <EventFilters search={search} />
          {page === null ? (
            <ListSkeleton />
          ) : live && !isLate ? (
            <LiveEvents key={JSON.stringify(filters)} filters={filters} entries={page.data} />
          ) : page.data.length === 0 ? (
            <EmptyState
              icon={<IconHistory size={28} />}
              title={filtered ? 'No entry matches' : 'Nothing has happened yet'}
              actions={
                filtered && (
                  <ButtonLink variant="default" to={pb.events()} search={{}}>
                    Show all
                  </ButtonLink>
                )
              }
            >
              {filtered
                ? 'Loosen a filter to see more.'
                : 'The first request, or the first change, is the first entry.'}
            </EmptyState>
          ) : (
            <div aria-busy={isLate}>
              <EventList entries={page.data} />
            </div>
          )}
          <Pager
            cursor={search.cursor}
            next={page?.next_cursor ?? null}
            newestLabel="Newest"
            olderLabel="Older"
          />
        </Card>
        <RetentionCard />
      </div>
    </>
  )
}
