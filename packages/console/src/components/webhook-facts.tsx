import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { Facts } from '../ui/facts.tsx'
import { Time } from '../ui/time.tsx'
import { TypeLabel } from './type-icon.tsx'
import classes from './webhook-facts.module.css'

function Headers({ headers }: { headers: WebhookRead['headers'] }) {
  if (headers.length === 0) return 'None'
  return (
    <ul className={classes.list}>
      {headers.map(({ name }) => (
        <li key={name}>
          <code>{name}</code> <span className={classes.quiet}>value is set</span>
        </li>
      ))}
    </ul>
  )
}

/** The settings of a webhook. Secrets are named, never shown. */
export function WebhookFacts({ webhook }: { webhook: WebhookRead }) {
  return (
    <Facts
      items={[
        ['Type', <TypeLabel key="type" type={webhook.type} />],
        [
          'Description',
          <span key="description" className={classes.text}>
            {webhook.description ?? 'None'}
          </span>,
        ],
        ['Endpoint URL', <code key="url">{webhook.endpoint_url}</code>],
        ['Custom headers', <Headers key="headers" headers={webhook.headers} />],
        ['Time limit', `${webhook.time_limit_ms / 1_000} seconds`],
        ['It must answer', webhookTypeTable[webhook.type].mustAnswer],
        ['Created', <Time key="created" value={webhook.created_at} />],
        ['Changed', <Time key="updated" value={webhook.updated_at} />],
        ['Id', <code key="id">{webhook.id}</code>],
      ]}
    />
  )
}
