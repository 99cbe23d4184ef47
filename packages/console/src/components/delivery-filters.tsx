import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { failureLabels } from '@keyhook/contract/failure.ts'
import { failureReasons } from '@keyhook/contract/outcome.ts'
import { webhookTypes, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useRouter } from '@tanstack/react-router'
import { pb } from '../path-builder.ts'
import { Fold } from '../ui/fold.tsx'
import classes from './delivery-filters.module.css'
import { fromLocalInput, toLocalInput } from './local-time.ts'

type Filters = {
  webhook_id?: string | undefined
  type?: string | undefined
  status?: string | undefined
  failure_reason?: string | undefined
  test?: string | undefined
  from?: string | undefined
  to?: string | undefined
}
type Choice = { value: string; label: string }
type Props = { search: Filters; webhooks: readonly WebhookRead[]; statuses: readonly Choice[] }

const any = { value: '', label: 'All' }
const types = webhookTypes.map((type) => ({ value: type, label: webhookTypeTable[type].label }))
const reasons = failureReasons.map((reason) => ({ value: reason, label: failureLabels[reason] }))
const kinds = [
  { value: 'true', label: 'Tests' },
  { value: 'false', label: 'Real ones' },
]

/** The filters of the delivery list. They live in the address, so a filtered list can be sent to somebody. */
export function DeliveryFilters({ search, webhooks, statuses }: Props) {
  const router = useRouter()
  const wide = useMediaQuery('(min-width: 761px)', true, { getInitialValueInEffect: false })
  const known = webhooks.map(({ id, name }) => ({ value: id, label: name }))
  const { webhook_id } = search
  // A deleted webhook is in no list, and its deliveries can still be filtered.
  if (webhook_id && !webhooks.some(({ id }) => id === webhook_id))
    known.push({ value: webhook_id, label: webhook_id })
  const filtered = Object.values(search).some((value) => value !== undefined)

  function set(change: Filters) {
    void router.navigate({ to: pb.deliveries(), search: { ...search, ...change, cursor: undefined } })
  }
  function select(label: string, name: keyof Filters, choices: readonly Choice[]) {
    return (
      <NativeSelect
        label={label}
        size="sm"
        data={[any, ...choices]}
        value={search[name] ?? ''}
        onChange={(event) => set({ [name]: event.currentTarget.value || undefined })}
      />
    )
  }
  function moment(label: string, name: 'from' | 'to') {
    return (
      <TextInput
        label={label}
        size="sm"
        type="datetime-local"
        className={classes.moment ?? ''}
        value={toLocalInput(search[name])}
        onChange={(event) => set({ [name]: fromLocalInput(event.currentTarget.value) })}
      />
    )
  }

  const fields = (
    <search className={classes.filters} aria-label="Filter deliveries">
      {select('Webhook', 'webhook_id', known)}
      {select('Type', 'type', types)}
      {select('Status', 'status', statuses)}
      {select('Failure', 'failure_reason', reasons)}
      {select('Kind', 'test', kinds)}
      {moment('From', 'from')}
      {moment('Until', 'to')}
      {filtered && (
        <Button
          variant="default"
          size="sm"
          className={classes.clear ?? ''}
          onClick={() => void router.navigate({ to: pb.deliveries(), search: {} })}
        >
          Clear filters
        </Button>
      )}
    </search>
  )
  if (wide) return fields
  return (
    <Fold className={classes.folded} summary="Filters" forceOpen={filtered}>
      {fields}
    </Fold>
  )
}
