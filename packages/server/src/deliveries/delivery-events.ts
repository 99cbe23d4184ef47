/**
 * What the activity log tells of deliveries: each that ends, once for each time it does. Those of SIEM webhooks are not told,
 * for they carry the log itself and would never come to an end; a test of one is.
 */
import type { Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { type Actor, type NewEvent, system, type Target } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { webhookTarget } from '../webhooks/webhook-events.ts'
import type { DeliveryOutcome, DeliveryRow } from './delivery-store.ts'
import { failureReasonOf } from './delivery-store.ts'

/** Columns of the delivery that its entry needs. */
export const toldColumns = [
  'id',
  'webhook_id',
  'webhook_name',
  'webhook_type',
  'test',
  'duration_ms',
] as const

export type ToldDelivery = Pick<DeliveryRow, (typeof toldColumns)[number]>

type Ending = {
  readonly outcome: DeliveryOutcome
  /** How many attempts it had. */
  readonly attempts: number
  readonly actor: Actor
}

/** null: it is not told. */
export function deliveryEnded(delivery: ToldDelivery, { outcome, attempts, actor }: Ending): NewEvent | null {
  const { id, webhook_id, webhook_name, webhook_type, test, duration_ms } = delivery
  if (webhook_type === 'siem' && !test) return null
  const webhook: Target[] =
    webhook_id === null ? [] : [webhookTarget({ id: webhook_id, name: webhook_name, type: webhook_type })]
  return {
    type: test ? 'ADMIN_TESTED_WEBHOOK' : 'WEBHOOK_DELIVERY_ENDED',
    actor,
    outcome: outcome.status === 'failed' ? 'FAILED' : 'SUCCEEDED',
    targets: [...webhook, { type: 'DELIVERY', data: { id } }],
    metadata: {
      delivery_id: id,
      webhook_id,
      webhook_name,
      webhook_type,
      status: outcome.status,
      decision: outcome.status === 'succeeded' ? outcome.decision : null,
      failure_reason: failureReasonOf(outcome),
      attempts,
      duration_ms: duration_ms === null ? null : Math.round(duration_ms * 10) / 10,
    },
  }
}

/** Tells of deliveries that end in this transaction without a further attempt; `ended` as they are now. */
export async function tellEnded(
  tx: Transaction<Tables>,
  now: number,
  ended: readonly ToldDelivery[],
  outcome: DeliveryOutcome,
  actor: Actor = system,
): Promise<void> {
  if (ended.length === 0) return
  const rows = await tx
    .selectFrom('attempts')
    .select((select) => ['delivery_id', select.fn.countAll<string>().as('count')])
    .where(
      'delivery_id',
      'in',
      ended.map(({ id }) => id),
    )
    .groupBy('delivery_id')
    .execute()
  const counts = new Map(rows.map(({ delivery_id, count }) => [delivery_id, Number(count)]))
  const events = ended.map((delivery) =>
    deliveryEnded(delivery, { outcome, attempts: counts.get(delivery.id) ?? 0, actor }),
  )
  await appendEvents(
    tx,
    now,
    events.filter((event) => event !== null),
  )
}
