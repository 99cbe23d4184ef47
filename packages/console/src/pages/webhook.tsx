import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { Button } from '@mantine/core'
import { IconCopy, IconPencil, IconPower, IconTrash } from '@tabler/icons-react'
import { actions, api } from '../api.ts'
import { DeliveryTable } from '../components/delivery-table.tsx'
import { NewSecretNotice } from '../components/new-secret-notice.tsx'
import { useId } from '../components/search-params.ts'
import { TestPanel } from '../components/test-panel.tsx'
import { useWebhookActions } from '../components/use-webhook-actions.tsx'
import { WebhookFacts } from '../components/webhook-facts.tsx'
import { EnabledPill } from '../components/webhook-table.tsx'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import classes from './webhook.module.css'

const refreshMs = 5_000

function Actions({ webhook }: { webhook: WebhookRead }) {
  const { duplicate, toggle, remove } = useWebhookActions(webhook)
  return (
    <>
      <ButtonLink variant="default" to={pb.webhookEdit(webhook.id)} leftSection={<IconPencil size={16} />}>
        Edit
      </ButtonLink>
      <Button variant="default" onClick={duplicate} leftSection={<IconCopy size={16} />}>
        Duplicate
      </Button>
      <Button variant="default" onClick={toggle} leftSection={<IconPower size={16} />}>
        {webhook.enabled ? 'Disable' : 'Enable'}
      </Button>
      <Button variant="default" c="var(--bad)" onClick={remove} leftSection={<IconTrash size={16} />}>
        Delete
      </Button>
    </>
  )
}

function RecentDeliveries({ id }: { id: string }) {
  const page = useRead(api.deliveryList({ webhook_id: id, limit: 10 }), refreshMs)
  return (
    <Card
      title="Recent deliveries"
      flush
      aside={
        <TextLink to={pb.deliveries()} search={{ webhook_id: id }} size="sm">
          All deliveries
        </TextLink>
      }
    >
      {page.data.length === 0 ? (
        <p className={classes.none}>Nothing was sent yet. Test the webhook to see its first delivery here.</p>
      ) : (
        <DeliveryTable deliveries={page.data} withWebhook={false} />
      )}
    </Card>
  )
}

export function WebhookPage() {
  const id = useId()
  const webhook = useRead(api.webhookView(id))
  return (
    <>
      <PageHeader
        title={webhook.name}
        badge={<EnabledPill enabled={webhook.enabled} />}
        lead={`${webhookTypeTable[webhook.type].label}. ${webhookTypeTable[webhook.type].runs}`}
        back={<TextLink to={pb.webhooks()}>← Webhooks</TextLink>}
        actions={<Actions webhook={webhook} />}
      />
      <div className={classes.stack}>
        <NewSecretNotice key={id} webhookId={id} />
        <div className={classes.columns}>
          <Card title="Settings">
            <WebhookFacts webhook={webhook} />
          </Card>
          <TestPanel
            key={id}
            type={webhook.type}
            timeLimitSeconds={webhook.time_limit_ms / 1_000}
            send={(payload, signal) => actions.webhookTest(id, payload, signal)}
          />
        </div>
        <RecentDeliveries id={id} />
      </div>
    </>
  )
}
