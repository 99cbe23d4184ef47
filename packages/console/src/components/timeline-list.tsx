import type { TimelineEntry } from '@keyhook/contract/api/access-request.ts'
import { pb } from '../path-builder.ts'
import { TextLink } from '../ui/links.tsx'
import { Quote } from '../ui/quote.tsx'
import { shortTime } from '../ui/time.tsx'
import { When } from '../ui/when.tsx'
import classes from './timeline-list.module.css'

function Entry({ entry }: { entry: TimelineEntry }) {
  const { at, text, message, outcome, actor, delivery_id } = entry
  return (
    <li className={classes.entry} data-outcome={outcome}>
      <span className={classes.dot} aria-hidden="true" />
      <div className={classes.words}>
        <div className={classes.text}>{text}</div>
        {message && <Quote label="What was said" text={message} />}
        <div className={classes.quiet}>
          {actor}, <When value={at} /> <span className={classes.exact}>({shortTime(at)})</span>
          {delivery_id && (
            <>
              {' · '}
              <TextLink to={pb.delivery(delivery_id)}>See the delivery</TextLink>
            </>
          )}
        </div>
      </div>
    </li>
  )
}

/** What has happened to a request, in words, the first thing first. */
export function TimelineList({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <ol className={classes.list} aria-label="What has happened">
      {entries.map((entry) => (
        <Entry key={entry.event_id} entry={entry} />
      ))}
    </ol>
  )
}
