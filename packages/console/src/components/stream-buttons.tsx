import type { StreamRead } from '@keyhook/contract/api/stream.ts'
import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { sentenceOf } from '../api-error.ts'
import { invalidate } from '../query.ts'
import { streamActions } from '../stream-api.ts'
import { toast, toastError } from '../ui/toast.ts'

/** Pauses and resumes; tries at once while the receiver does not take events. */
export function StreamButtons({ stream: { webhook_id, state, paused_at } }: { stream: StreamRead }) {
  const options = (done: string) => ({
    onSuccess: async () => {
      await invalidate('/webhooks')
      toast(done)
    },
    onError: (error: Error) => toastError(sentenceOf(error)),
  })
  const pausing = useMutation({
    mutationFn: () => streamActions.pause(webhook_id),
    ...options('The stream is paused. Events wait in the log.'),
  })
  const resuming = useMutation({
    mutationFn: () => streamActions.resume(webhook_id),
    ...options(paused_at ? 'The stream goes on where it was paused.' : 'It is tried now.'),
  })
  return (
    <>
      {state === 'failing' && (
        <Button
          leftSection={<IconRefresh size={16} />}
          loading={resuming.isPending}
          onClick={() => resuming.mutate()}
        >
          Try now
        </Button>
      )}
      {paused_at ? (
        <Button
          leftSection={<IconPlayerPlay size={16} />}
          loading={resuming.isPending}
          onClick={() => resuming.mutate()}
        >
          Resume
        </Button>
      ) : (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} />}
          loading={pausing.isPending}
          onClick={() => pausing.mutate()}
        >
          Pause
        </Button>
      )}
    </>
  )
}
