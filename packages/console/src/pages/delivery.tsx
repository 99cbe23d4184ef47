import { webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { Tabs } from '@mantine/core'
import { api } from '../api.ts'
import { AttemptView } from '../components/attempt-view.tsx'
import { CallbackCard } from '../components/callback-card.tsx'
import { curlCommand } from '../components/curl.ts'
import { OutcomeBox } from '../components/outcome-box.tsx'
import { ResendButton } from '../components/resend-button.tsx'
import { RetryButton } from '../components/retry-button.tsx'
import { useId } from '../components/search-params.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { CopyTextButton } from '../ui/copy-button.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Time } from '../ui/time.tsx'
import classes from './delivery.module.css'

// While its outcome is not known.
const refreshMs = 1_000

export function DeliveryPage() {
  const id = useId()
  const { role } = useRead(api.me())
  const first = useRead(api.deliveryView(id))
  const delivery = useRead(api.deliveryView(id), first.outcome === null ? refreshMs : undefined)
  const last = delivery.attempts.at(-1)
  const request = delivery.access_request_id && pb.request(delivery.access_request_id)
  const { label } = webhookTypeTable[delivery.webhook_type]

  return (
    <>
      <PageHeader
        title={delivery.webhook_name || 'Unsaved webhook'}
        lead={
          <>
            {label} delivery{delivery.test && ', a test'}, <Time value={delivery.created_at} />
          </>
        }
        back={
          role === 'admin' ? (
            <TextLink to={pb.deliveries()}>← Deliveries</TextLink>
          ) : (
            request && <TextLink to={request}>← The request</TextLink>
          )
        }
        actions={
          role === 'admin' && (
            <>
              {last && <CopyTextButton value={curlCommand(last.request)} label="Copy as curl" />}
              <RetryButton delivery={delivery} />
              <ResendButton delivery={delivery} />
            </>
          )
        }
      />
      <div className={classes.stack}>
        <OutcomeBox delivery={delivery} />
        {delivery.callback && <CallbackCard callback={delivery.callback} />}
        {last && (
          <Tabs defaultValue={last.id} key={last.id}>
            {delivery.attempts.length > 1 && (
              <Tabs.List aria-label="Attempts">
                {delivery.attempts.map((attempt) => (
                  <Tabs.Tab key={attempt.id} value={attempt.id}>
                    Attempt {attempt.number}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
            )}
            {delivery.attempts.map((attempt) => (
              <Tabs.Panel key={attempt.id} value={attempt.id}>
                <AttemptView attempt={attempt} />
              </Tabs.Panel>
            ))}
          </Tabs>
        )}
        {!last && (
          <Card title="Payload">
            <CodeBlock label="payload" text={delivery.payload} />
          </Card>
        )}
        <Card title="Details">
          <div className={classes.facts}>
            <Facts
              items={[
                [
                  'Webhook',
                  delivery.webhook_id && role === 'admin' ? (
                    <TextLink key="webhook" to={pb.webhook(delivery.webhook_id)}>
                      {delivery.webhook_name}
                    </TextLink>
                  ) : (
                    delivery.webhook_name || 'Not saved'
                  ),
                ],
                ...(request
                  ? [
                      [
                        'Made for',
                        <TextLink key="request" to={request}>
                          An access request
                        </TextLink>,
                      ] as const,
                    ]
                  : []),
                ['Id', <code key="id">{delivery.id}</code>],
                ['Attempts', delivery.attempts.length],
                [
                  'Finished',
                  delivery.finished_at ? <Time key="at" value={delivery.finished_at} /> : 'Not yet',
                ],
              ]}
            />
          </div>
        </Card>
      </div>
    </>
  )
}
