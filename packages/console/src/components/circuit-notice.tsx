import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { actions } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { invalidate } from '../query.ts'
import { Notice } from '../ui/notice.tsx'
import { Time } from '../ui/time.tsx'
import { toast, toastError } from '../ui/toast.ts'

/** Since when and why the circuit breaker is open, with a way to close it. Nothing while it is closed. */
export function CircuitNotice({ webhook }: { webhook: WebhookRead }) {
  const { circuit, id, name } = webhook
  const reset = useMutation({
    mutationFn: () => actions.circuitReset(id),
    onSuccess: async () => {
      await invalidate('/webhooks')
      toast(`${name} is called again.`)
    },
    onError: (error) => toastError(sentenceOf(error)),
  })
  if (circuit.state === 'closed' || circuit.since === null) return null
  return (
    <Notice
      tone="bad"
      title={
        circuit.state === 'open' ? 'The circuit breaker is open' : 'The circuit breaker lets one delivery try'
      }
      action={
        <Button variant="default" size="xs" loading={reset.isPending} onClick={() => reset.mutate()}>
          Reset
        </Button>
      }
    >
      Since <Time value={circuit.since} />: {circuit.reason} Until it closes, deliveries fail at once with{' '}
      <code>circuit_open</code>.
      {circuit.state === 'open' && circuit.next_probe_at && (
        <>
          {' '}
          The next try is at <Time value={circuit.next_probe_at} />.
        </>
      )}
    </Notice>
  )
}
