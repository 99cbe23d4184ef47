import type { EventRead } from '@keyhook/contract/api/event.ts'
import { Button } from '@mantine/core'
import { IconArrowUp } from '@tabler/icons-react'
import { useState } from 'react'
import type { Search } from '../http.ts'
import { Notice } from '../ui/notice.tsx'
import { Pill, type Tone } from '../ui/pill.tsx'
import { EventList } from './event-list.tsx'
import type { LiveState } from './live-entries.ts'
import classes from './live-events.module.css'
import { useLiveEntries } from './use-live-entries.ts'

const states: Readonly<Record<LiveState, readonly [tone: Tone, words: string]>> = {
  connecting: ['busy', 'Connecting'],
  live: ['good', 'Live'],
  reconnecting: ['warn', 'Connection lost, trying again'],
  signed_out: ['bad', 'Ended: sign in again to follow the log'],
}

type Props = { filters: Search; entries: readonly EventRead[] }

/** The newest entries, and above them what happens while one looks. */
export function LiveEvents({ filters, entries }: Props) {
  // Behind the newest entry of the list, so that nothing between the two is missed.
  const [after] = useState(() => entries[0]?.position ?? 0)
  const { state, shown, waiting, gap, show } = useLiveEntries(filters, after)
  const [tone, words] = states[state]
  const known = new Set(entries.map(({ id }) => id))
  const fresh = shown.filter(({ id }) => !known.has(id))

  return (
    <>
      <div className={classes.state} role="status">
        <Pill tone={tone}>{words}</Pill>
        <span className={classes.quiet}>New entries come in at the top.</span>
      </div>
      {gap && (
        <Notice tone="info">
          Not every new entry is shown here. Reload the page to see the log as it is.
        </Notice>
      )}
      {waiting.length > 0 && (
        <div className={classes.chip}>
          <Button
            size="xs"
            radius="xl"
            leftSection={<IconArrowUp size={14} />}
            onClick={() => {
              window.scrollTo({ top: 0 })
              show()
            }}
          >
            {waiting.length} new
          </Button>
        </div>
      )}
      <EventList entries={[...fresh, ...entries]} />
    </>
  )
}
