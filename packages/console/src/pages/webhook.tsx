import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { Button, Tabs } from '@mantine/core'
import { IconCopy, IconPencil, IconPower, IconTrash } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { actions, api } from '../api.ts'
import { NewSecretNotice } from '../components/new-secret-notice.tsx'
import { useId, useSearchAs } from '../components/search-params.ts'
import { StreamCard } from '../components/stream-card.tsx'
import { TestPanel } from '../components/test-panel.tsx'
import { useWebhookActions } from '../components/use-webhook-actions.tsx'
import { WebhookCode } from '../components/webhook-code.tsx'
import { WebhookFacts } from '../components/webhook-facts.tsx'
import { WebhookOverview } from '../components/webhook-overview.tsx'
import { WebhookRecent } from '../components/webhook-recent.tsx'
import { WebhookSigning } from '../components/webhook-signing.tsx'
import { EnabledPill } from '../components/webhook-table.tsx'
import { WebhookWarnings } from '../components/webhook-warnings.tsx'
import { MoveButton } from '../forms/stream-move-form.tsx'
import { ReplayButton } from '../forms/stream-replay-form.tsx'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { ButtonLink, TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import classes from './webhook.module.css'
import { webhookTabSearch } from './webhook-tab.ts'

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

export function WebhookPage() {
  const id = useId()
  const router = useRouter()
  const { tab = 'overview', window = 'day' } = useSearchAs(webhookTabSearch)
  const webhook = useRead(api.webhookView(id), refreshMs)
  const go = (search: ReturnType<typeof webhookTabSearch>) =>
    void router.navigate({ to: pb.webhook(id), search, replace: true })

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
        <WebhookWarnings webhook={webhook} />
        <Tabs
          value={tab}
          onChange={(value) => go(webhookTabSearch({ tab: value === 'overview' ? undefined : value }))}
          keepMounted={false}
        >
          <Tabs.List className={classes.tabs ?? ''}>
            <Tabs.Tab value="overview">Overview</Tabs.Tab>
            <Tabs.Tab value="deliveries">Deliveries</Tabs.Tab>
            <Tabs.Tab value="settings">Settings</Tabs.Tab>
            <Tabs.Tab value="code">Code</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="overview" className={classes.stack ?? ''}>
            {webhook.type === 'siem' && (
              <StreamCard
                webhookId={id}
                actions={
                  <>
                    <ReplayButton webhookId={id} />
                    <MoveButton webhookId={id} />
                  </>
                }
              />
            )}
            <WebhookOverview
              webhook={webhook}
              window={window}
              setWindow={(next) => go({ tab: undefined, window: next })}
            />
            <TestPanel
              key={id}
              type={webhook.type}
              webhookId={id}
              timeLimitSeconds={webhook.time_limit_ms / 1_000}
              send={(payload, signal) => actions.webhookTest(id, payload, signal)}
            />
          </Tabs.Panel>
          <Tabs.Panel value="deliveries">
            <WebhookRecent id={id} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <div className={classes.columns}>
              <Card title="Settings">
                <WebhookFacts webhook={webhook} />
              </Card>
              <WebhookSigning webhook={webhook} />
            </div>
          </Tabs.Panel>
          <Tabs.Panel value="code">
            <WebhookCode webhook={webhook} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </>
  )
}
