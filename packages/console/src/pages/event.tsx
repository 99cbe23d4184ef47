import { EventDetail } from '../components/event-detail.tsx'
import { useId } from '../components/search-params.ts'
import { logApi } from '../log-api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { CopyTextButton } from '../ui/copy-button.tsx'
import { TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Pill } from '../ui/pill.tsx'
import { Time } from '../ui/time.tsx'

/** One entry of the activity log. */
export function EventPage() {
  const entry = useRead(logApi.eventView(useId()))
  const { event } = entry
  return (
    <>
      <PageHeader
        title={event.event_type_user_friendly}
        badge={event.outcome === 'FAILED' && <Pill tone="bad">Failed</Pill>}
        lead={<Time value={event.event_began_at} />}
        actions={<CopyTextButton value={JSON.stringify(entry, null, 2)} label="Copy as JSON" />}
        back={<TextLink to={pb.events()}>← Activity log</TextLink>}
      />
      <Card>
        <EventDetail entry={entry} />
      </Card>
    </>
  )
}
