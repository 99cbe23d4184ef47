import { Button, Menu } from '@mantine/core'
import { IconDownload, IconHistory } from '@tabler/icons-react'
import { EventList } from '../components/event-list.tsx'
import { Pager } from '../components/pager.tsx'
import { useSearchAs } from '../components/search-params.ts'
import { EventFilters } from '../forms/event-filters.tsx'
import { eventExportFile } from '../log-api.ts'
import { pb } from '../path-builder.ts'
import { useSteadyRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { ListSkeleton } from '../ui/skeletons.tsx'
import { type EventsSearch, eventListOf, eventsSearch } from './event-search.ts'

function Export({ search: { cursor: _cursor, ...filters } }: { search: EventsSearch }) {
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={eventExportFile({ ...filters, format: 'csv' })} download>
          CSV, for people
        </Menu.Item>
        <Menu.Item component="a" href={eventExportFile({ ...filters, format: 'ndjson' })} download>
          NDJSON, for programs
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

export function EventsPage() {
  const search = useSearchAs(eventsSearch)
  const { value: page, isLate } = useSteadyRead(eventListOf(search))
  const filtered = Object.values(search).some((value) => value !== undefined)

  return (
    <>
      <PageHeader
        title="Activity log"
        lead="Who did what to what, when, and with what outcome. Entries are never changed; each is chained to the one before."
        actions={<Export search={search} />}
      />
      <Card flush>
        <EventFilters search={search} />
        {page === null ? (
          <ListSkeleton />
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
    </>
  )
}
