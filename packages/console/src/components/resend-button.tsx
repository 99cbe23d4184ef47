import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import { Button, Tooltip } from '@mantine/core'
import { IconRepeat } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { actions } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { pb } from '../path-builder.ts'
import { invalidate } from '../query.ts'
import { toast, toastError } from '../ui/toast.ts'
import { parsePayload } from './payload-text.ts'

/** Why this delivery cannot be sent again; null when it can. */
function obstacle(delivery: DeliveryRead): string | null {
  if (delivery.webhook_id === null) return 'The webhook was not saved, so its settings are gone.'
  return parsePayload(delivery.payload).error === null ? null : 'The payload is not a JSON object.'
}

/** Sends the same payload to the webhook as a test, and opens the delivery of that. */
export function ResendButton({ delivery }: { delivery: DeliveryRead }) {
  const router = useRouter()
  const reason = obstacle(delivery)
  const sending = useMutation({
    mutationFn: () => {
      const { payload } = parsePayload(delivery.payload)
      return actions.webhookTest(delivery.webhook_id ?? '', payload ?? undefined)
    },
    onSuccess: async ({ id }) => {
      await router.navigate({ to: pb.delivery(id) })
      toast('Sent again as a test. This is the new delivery.')
      await invalidate('/deliveries')
    },
    onError: (error) => toastError(sentenceOf(error)),
  })
  return (
    <Tooltip label={reason} disabled={reason === null} withArrow>
      <Button
        leftSection={<IconRepeat size={16} />}
        loading={sending.isPending}
        data-disabled={reason !== null}
        aria-disabled={reason !== null}
        onClick={() => reason === null && sending.mutate()}
      >
        Send again as a test
      </Button>
    </Tooltip>
  )
}
