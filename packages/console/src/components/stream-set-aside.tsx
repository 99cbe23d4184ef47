import type { StreamRead } from '@keyhook/contract/api/stream.ts'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { actions } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { pb } from '../path-builder.ts'
import { invalidate } from '../query.ts'
import { TextLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'
import { toast, toastError } from '../ui/toast.ts'
import classes from './stream-card.module.css'

/** Deliveries that the receiver always refused: the stream went on without them, and they can be sent again. */
export function StreamSetAside({ stream: { webhook_id, set_aside } }: { stream: StreamRead }) {
  const sending = useMutation({
    // Events are told apart by their ids: a receiver that gets one twice can see it.
    mutationFn: () => actions.deliveriesRetry({ webhook_id, accept_repeat: true }),
    onSuccess: async ({ queued }) => {
      await invalidate('/webhooks')
      await invalidate('/deliveries')
      toast(`${queued} ${queued === 1 ? 'delivery is' : 'deliveries are'} sent again, the oldest first.`)
    },
    onError: (error) => toastError(sentenceOf(error)),
  })
  if (set_aside === 0) return null
  return (
    <Notice
      tone="warn"
      title={`${set_aside.toLocaleString('en')} ${set_aside === 1 ? 'delivery was' : 'deliveries were'} set aside`}
      action={
        <div className={classes.buttons}>
          <Button variant="default" size="xs" loading={sending.isPending} onClick={() => sending.mutate()}>
            Send again
          </Button>
          <TextLink to={pb.deliveries()} search={{ webhook_id, status: 'failed' }}>
            Show them
          </TextLink>
        </div>
      }
    >
      {set_aside === 1
        ? 'The receiver refused it, so the stream went on without it.'
        : 'The receiver refused them, so the stream went on without them.'}
    </Notice>
  )
}
