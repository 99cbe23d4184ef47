import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { pb } from '../path-builder.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { TextLink } from '../ui/links.tsx'
import { Pill } from '../ui/pill.tsx'
import { DeliveryDots } from './delivery-dots.tsx'
import { TypeLabel } from './type-icon.tsx'
import { WebhookMenu } from './webhook-menu.tsx'
import classes from './webhook-table.module.css'

function hostOf(endpointUrl: string): string {
  return URL.parse(endpointUrl)?.host ?? endpointUrl
}

export function EnabledPill({ enabled }: { enabled: boolean }) {
  return <Pill tone={enabled ? 'good' : 'quiet'}>{enabled ? 'Enabled' : 'Disabled'}</Pill>
}

const columns: readonly Column<WebhookRead>[] = [
  {
    header: 'Name',
    cell: (webhook) => (
      <TextLink to={pb.webhook(webhook.id)} className={classes.name ?? ''}>
        {webhook.name}
      </TextLink>
    ),
  },
  { header: 'Type', cell: (webhook) => <TypeLabel type={webhook.type} /> },
  {
    header: 'Endpoint host',
    cell: (webhook) => <span title={webhook.endpoint_url}>{hostOf(webhook.endpoint_url)}</span>,
  },
  { header: 'Last outcomes', cell: (webhook) => <DeliveryDots deliveries={webhook.recent_deliveries} /> },
  { header: 'State', cell: (webhook) => <EnabledPill enabled={webhook.enabled} /> },
  { header: 'Actions', headerHidden: true, cell: (webhook) => <WebhookMenu webhook={webhook} /> },
]

export function WebhookTable({ webhooks }: { webhooks: readonly WebhookRead[] }) {
  return <DataTable label="Webhooks" columns={columns} rows={webhooks} rowKey={({ id }) => id} />
}
