import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import { Button, Tooltip } from '@mantine/core'
import { IconRotateClockwise } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { actions } from '../api.ts'
import { ApiError, sentenceOf } from '../api-error.ts'
import { invalidate } from '../query.ts'
import { toast, toastError } from '../ui/toast.ts'
import { confirmAction } from './confirm.tsx'

/** Why this delivery cannot be sent again; null when it can. */
function obstacle({ webhook_id, status }: DeliveryRead): string | null {
  if (webhook_id === null) return 'The webhook was not saved.'
  if (status === 'succeeded' || status === 'failed') return null
  return status === 'skipped' ? 'Its condition was false.' : 'It has not ended yet.'
}

/** Sends the very delivery again, as a further attempt. Where that could do something twice, it asks first. */
export function RetryButton({ delivery }: { delivery: DeliveryRead }) {
  const reason = obstacle(delivery)
  const retry = useMutation({
    mutationFn: (acceptRepeat: boolean) => actions.deliveryRetry(delivery.id, acceptRepeat),
    onSuccess: async ({ status }) => {
      await invalidate('/deliveries')
      await invalidate('/webhooks')
      toast(status === 'failed' ? 'Sent again; it failed once more.' : 'Sent again.')
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || error.problem.code !== 'retry_may_repeat') {
        toastError(sentenceOf(error))
        return
      }
      confirmAction({
        title: 'Send it again?',
        body: error.problem.detail.replace(/ Send accept_repeat.*$/, ''),
        confirmLabel: 'Send again all the same',
        action: async () => {
          await retry.mutateAsync(true)
        },
      })
    },
  })
  return (
    <Tooltip label={reason} disabled={reason === null} withArrow>
      <Button
        variant="default"
        leftSection={<IconRotateClockwise size={16} />}
        loading={retry.isPending}
        data-disabled={reason !== null}
        aria-disabled={reason !== null}
        onClick={() => reason === null && retry.mutate(false)}
      >
        Send again
      </Button>
    </Tooltip>
  )
}
