import type { EventRead } from '@keyhook/contract/api/event.ts'
import { pb } from '../path-builder.ts'
import { CodeBlock } from '../ui/code-block.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextLink } from '../ui/links.tsx'
import { Time } from '../ui/time.tsx'
import classes from './event-detail.module.css'
import {
  actorPath,
  actorWords,
  type Change,
  changesOf,
  detailsOf,
  linksOf,
  targetKind,
  targetPath,
  targetWords,
  valueWords,
} from './event-words.ts'

function Changes({ changes }: { changes: readonly Change[] }) {
  return (
    <table className={classes.changes} aria-label="What changed">
      <thead>
        <tr>
          <th scope="col">Member</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ name, before, after }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className={classes.before}>{valueWords(before) || '–'}</td>
            <td className={classes.after}>{valueWords(after) || '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Who did it, linked to their page when there is one. */
export function EventActor({ entry }: { entry: EventRead }) {
  const path = actorPath(entry.event)
  const words = actorWords(entry.event)
  return path ? <TextLink to={path}>{words}</TextLink> : words
}

/** What an entry is about, linked to its page when there is one. */
export function EventTargets({ entry }: { entry: EventRead }) {
  return (
    <ul className={classes.targets}>
      {entry.event.targets.map((target, index) => {
        const path = targetPath(target)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an entry does not change.
          <li key={index}>
            <span className={classes.quiet}>{targetKind(target)}</span>{' '}
            {path ? <TextLink to={path}>{targetWords(target)}</TextLink> : targetWords(target)}
          </li>
        )
      })}
    </ul>
  )
}

/** Everything that an entry of the activity log says. */
export function EventDetail({ entry }: { entry: EventRead }) {
  const { event, position, logged_at, access_request_id, id } = entry
  const changes = changesOf(event)
  const details = detailsOf(event)
  return (
    <div className={classes.detail}>
      {changes.length > 0 && <Changes changes={changes} />}
      {Object.keys(details).length > 0 && <CodeBlock label="details" text={JSON.stringify(details)} />}
      <div className={classes.facts}>
        <Facts
          items={[
            ['Who', <EventActor key="actor" entry={entry} />],
            ['What it is about', <EventTargets key="targets" entry={entry} />],
            ['Type', <code key="type">{event.event_type}</code>],
            ...(access_request_id
              ? ([
                  [
                    'Request',
                    <TextLink key="request" to={pb.request(access_request_id)}>
                      {access_request_id}
                    </TextLink>,
                  ],
                ] as const)
              : []),
            ...linksOf(event).map(
              ([words, path]) =>
                [
                  words,
                  <TextLink key={path} to={path}>
                    {path.split('/').at(-1)}
                  </TextLink>,
                ] as const,
            ),
            ['Happened', <Time key="began" value={event.event_began_at} />],
            ['Logged', <Time key="logged" value={logged_at} />],
            ['Place in the log', position.toLocaleString('en')],
            ['Id', <code key="id">{id}</code>],
          ]}
        />
      </div>
      <div className={classes.hash}>
        <span className={classes.quiet}>Hash</span>
        <code>{event.event_hash}</code>
        <CopyButton value={event.event_hash} label="Copy hash" />
      </div>
    </div>
  )
}
