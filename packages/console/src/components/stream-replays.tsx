import type { ReplayRead, StreamRead } from '@keyhook/contract/api/stream.ts'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { sentenceOf } from '../api-error.ts'
import { invalidate } from '../query.ts'
import { streamActions } from '../stream-api.ts'
import { Time } from '../ui/time.tsx'
import { toast, toastError } from '../ui/toast.ts'
import { ReviewProgress } from './review-progress.tsx'
import classes from './stream-card.module.css'
import { replayCounts } from './stream-words.ts'

/** Ranges of the log that are being sent again, and how far they are. */
export function StreamReplays({ stream: { webhook_id, replays } }: { stream: StreamRead }) {
  if (replays.length === 0) return null
  return (
    <section aria-label="Being sent again">
      <ul className={classes.replays}>
        {replays.map((replay) => (
          <Replay key={replay.id} webhookId={webhook_id} replay={replay} />
        ))}
      </ul>
    </section>
  )
}

function Replay({ webhookId, replay }: { webhookId: string; replay: ReplayRead }) {
  const range = `${replay.from_position.toLocaleString('en')} to ${replay.to_position.toLocaleString('en')}`
  const cancelling = useMutation({
    mutationFn: () => streamActions.replayCancel(webhookId, replay.id),
    onSuccess: async () => {
      await invalidate('/webhooks')
      toast('The rest of the range is not sent again.')
    },
    onError: (error) => toastError(sentenceOf(error)),
  })
  return (
    <li className={classes.replay}>
      <span className={classes.range}>
        Sent again: events {range} of the log, since <Time value={replay.created_at} />
      </span>
      <div className={classes.bar}>
        <ReviewProgress label={`Events ${range}, sent again`} {...replayCounts(replay)} />
      </div>
      <Button
        variant="default"
        size="xs"
        loading={cancelling.isPending}
        aria-label={`Cancel sending events ${range} again`}
        onClick={() => cancelling.mutate()}
      >
        Cancel
      </Button>
    </li>
  )
}
