import type { DeliverySummary } from '@keyhook/contract/api/delivery.ts'
import { pb } from '../path-builder.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { TextLink } from '../ui/links.tsx'
import { milliseconds, Time } from '../ui/time.tsx'
import classes from './delivery-table.module.css'
import { OutcomePill } from './outcome-pill.tsx'
import { TypeLabel } from './type-icon.tsx'

type DeliveryColumn = Column<DeliverySummary>

const when: DeliveryColumn = {
  header: 'Time',
  cell: (delivery) => (
    <TextLink to={pb.delivery(delivery.id)} className={classes.when ?? ''}>
      <Time value={delivery.created_at} />
    </TextLink>
  ),
}
const webhook: DeliveryColumn = {
  header: 'Webhook',
  cell: ({ webhook_id, webhook_name }) =>
    webhook_id ? (
      <TextLink to={pb.webhook(webhook_id)} c="inherit">
        {webhook_name}
      </TextLink>
    ) : (
      <span>
        {webhook_name || 'Unnamed'} <span className={classes.quiet}>(not saved)</span>
      </span>
    ),
}
const type: DeliveryColumn = {
  header: 'Type',
  wideOnly: true,
  cell: (delivery) => <TypeLabel type={delivery.webhook_type} />,
}
const outcome: DeliveryColumn = { header: 'Outcome', cell: (delivery) => <OutcomePill delivery={delivery} /> }
const kind: DeliveryColumn = {
  header: 'Kind',
  cell: ({ test }) => <span className={test ? classes.quiet : undefined}>{test ? 'Test' : 'Real'}</span>,
}
const took: DeliveryColumn = {
  header: 'Took',
  wideOnly: true,
  cell: ({ duration_ms, finished_at }) => (
    <span className={classes.number}>
      {duration_ms === null ? (finished_at ? '–' : '…') : milliseconds(duration_ms)}
    </span>
  ),
}

type Props = { deliveries: readonly DeliverySummary[]; withWebhook?: boolean }

/** Deliveries, one a row. On a webhook's own page its name and type say nothing new. */
export function DeliveryTable({ deliveries, withWebhook = true }: Props) {
  const columns = withWebhook ? [when, webhook, type, outcome, kind, took] : [when, outcome, kind, took]
  return <DataTable label="Deliveries" columns={columns} rows={deliveries} rowKey={({ id }) => id} />
}
