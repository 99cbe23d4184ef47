import type { EventRead } from '@keyhook/contract/api/event.ts'
import { UnstyledButton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { pb } from '../path-builder.ts'
import { TextLink } from '../ui/links.tsx'
import { Pill } from '../ui/pill.tsx'
import { Time } from '../ui/time.tsx'
import { EventDetail } from './event-detail.tsx'
import classes from './event-list.module.css'
import { aboutWords, actorWords } from './event-words.ts'

/** Entries of the activity log, each of which unfolds. */
export function EventList({ entries }: { entries: readonly EventRead[] }) {
  return (
    <ul className={classes.list} aria-label="Activity log">
      {entries.map((entry) => (
        <EventRow key={entry.id} entry={entry} />
      ))}
    </ul>
  )
}

function EventRow({ entry }: { entry: EventRead }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const { event } = entry
  const about = aboutWords(event)
  return (
    <li className={classes.row} data-open={open || undefined}>
      <UnstyledButton
        className={classes.head ?? ''}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <IconChevronRight size={16} className={classes.chevron ?? ''} aria-hidden="true" />
        <span className={classes.time}>
          <Time value={event.event_began_at} />
        </span>
        <span className={classes.what}>
          <strong>{event.event_type_user_friendly}</strong>
          {about && <span className={classes.about}>{about}</span>}
        </span>
        <span className={classes.who}>{actorWords(event)}</span>
        {event.outcome === 'FAILED' && <Pill tone="bad">Failed</Pill>}
      </UnstyledButton>
      {open && (
        <div id={id} className={classes.body}>
          <EventDetail entry={entry} />
          <p className={classes.link}>
            <TextLink to={pb.event(entry.id)}>Link to this entry</TextLink>
          </p>
        </div>
      )}
    </li>
  )
}
