import type { StreamRead } from '@keyhook/contract/api/stream.ts'
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { sentenceOf } from '../api-error.ts'
import { pb } from '../path-builder.ts'
import { query } from '../query.ts'
import { streamApi } from '../stream-api.ts'
import { Card } from '../ui/card.tsx'
import { TextLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'
import { Numbers } from '../ui/numbers.tsx'
import { Pill } from '../ui/pill.tsx'
import { Time } from '../ui/time.tsx'
import { StreamButtons } from './stream-buttons.tsx'
import classes from './stream-card.module.css'
import { StreamReplays } from './stream-replays.tsx'
import { StreamSetAside } from './stream-set-aside.tsx'
import { estimateWords, rateWords, spanWords, stateLabels, stateTones } from './stream-words.ts'

// Not asked for while the page is hidden.
const refreshMs = 2_000

type Props = {
  webhookId: string
  /** Further things to do, with dialogs of their own. */
  actions: ReactNode
}

/** Whether the stream of a SIEM webhook is alive: how far behind, how fast, what went wrong, and what to do about it. */
export function StreamCard({ webhookId, actions }: Props) {
  const { data, error, refetch } = useQuery({
    ...query(streamApi.streamView(webhookId)),
    refetchInterval: refreshMs,
  })
  const stream = data?.value
  return (
    <Card
      title="Stream"
      aside={stream && <Pill tone={stateTones[stream.state]}>{stateLabels[stream.state]}</Pill>}
    >
      <div className={classes.stack}>
        {error && (
          <Notice
            tone="bad"
            title="How far the stream is could not be read"
            action={
              <Button variant="default" size="xs" onClick={() => void refetch()}>
                Read again
              </Button>
            }
          >
            {sentenceOf(error)} {stream && 'Below is what was known last.'}
          </Notice>
        )}
        {!stream && !error && <Loading />}
        {stream && (
          <>
            <Standing stream={stream} />
            <Last stream={stream} />
            <StreamSetAside stream={stream} />
            <StreamReplays stream={stream} />
            <div className={classes.buttons}>
              <StreamButtons stream={stream} />
              {actions}
            </div>
          </>
        )}
      </div>
    </Card>
  )
}

function Loading() {
  return (
    <div role="status" aria-label="Loading" className={classes.stack}>
      <Skeleton height={44} />
      <Skeleton height={22} width={320} maw="100%" />
      <Skeleton height={36} width={240} maw="100%" />
    </div>
  )
}

function Standing({ stream }: { stream: StreamRead }) {
  const { lag_events, lag_seconds, rate_per_second, sent_events, head, state } = stream
  const items = [
    ['Behind', lag_events.toLocaleString('en'), lag_events === 1 ? 'event' : 'events'],
    ['Oldest of them', lag_events === 0 ? '–' : spanWords(lag_seconds), lag_events === 0 ? '' : 'old'],
    // What was fast before it stopped says nothing now.
    ['Rate', state === 'running' ? rateWords(rate_per_second) : '–', ''],
    ['Caught up', estimateWords(stream), ''],
    ['Sent', sent_events.toLocaleString('en'), `log: ${head.toLocaleString('en')}`],
  ] as const
  return <Numbers items={items} />
}

function Last({ stream }: { stream: StreamRead }) {
  const { last_success_at, last_failure, failing_since, paused_at } = stream
  return (
    <ul className={classes.last}>
      {paused_at && (
        <Line name="Paused since">
          <Time value={paused_at} />. Events wait in the log.
        </Line>
      )}
      {failing_since && (
        <Line name="Failing since">
          <Time value={failing_since} />. It is tried again until it works; nothing is lost.
        </Line>
      )}
      <Line name="Last success">{last_success_at ? <Time value={last_success_at} /> : 'None yet'}</Line>
      <Line name="Last failure">
        {last_failure ? (
          <>
            <TextLink to={pb.delivery(last_failure.delivery_id)}>
              <Time value={last_failure.at} />
            </TextLink>
            {last_failure.http_status !== null && `, HTTP ${last_failure.http_status}`}:{' '}
            {last_failure.explanation}
          </>
        ) : (
          'None'
        )}
      </Line>
    </ul>
  )
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <li>
      <span className={classes.name}>{name}</span>
      <span>{children}</span>
    </li>
  )
}
