import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { authenticationLabels } from '@keyhook/contract/authentication-kinds.ts'
import { describeDuration, describeRetryPolicy } from '@keyhook/contract/retry-policy.ts'
import { webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { Facts } from '../ui/facts.tsx'
import { Time } from '../ui/time.tsx'
import { streamFacts } from './stream-facts.ts'
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

function Certificate({ subject, expires_at }: { subject: string; expires_at: string }) {
  return (
    <>
      {subject}, <span className={classes.quiet}>until</span> <Time value={expires_at} />
    </>
  )
}

function limits({ concurrency_limit, max_wait_ms }: WebhookRead): string {
  return `${concurrency_limit} deliveries; others wait up to ${describeDuration(max_wait_ms)}`
}

function breaker({ circuit_breaker }: WebhookRead): string {
  if (circuit_breaker === null) return 'Off'
  const { failure_share, minimum_calls, window_seconds, pause_seconds } = circuit_breaker
  return `Opens when ${Math.round(failure_share * 100)} % of at least ${minimum_calls} calls within ${describeDuration(window_seconds * 1_000)} failed; next try after ${describeDuration(pause_seconds * 1_000)}`
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
        ['Authentication', authenticationLabels[webhook.authentication.type]],
        [
          'Condition',
          webhook.condition === null ? 'Always called' : <code key="condition">{webhook.condition}</code>,
        ],
        ...(webhook.stream === null ? [] : streamFacts(webhook.stream)),
        ['Time limit', `${webhook.time_limit_ms / 1_000} seconds`],
        ['Retries', retries(webhook)],
        ['At a time', limits(webhook)],
        ['Circuit breaker', breaker(webhook)],
        ...(webhook.delivery_per_permission ? [['Several permissions', 'A delivery for each'] as const] : []),
        ...(webhook.callback_deadline_seconds === null
          ? []
          : [
              [
                'Late answers',
                `Within ${describeDuration(webhook.callback_deadline_seconds * 1_000)}`,
              ] as const,
            ]),
        ...(webhook.client_certificate
          ? [['Client certificate', <Certificate key="client" {...webhook.client_certificate} />] as const]
          : []),
        ...(webhook.certificate_authority?.authorities ?? []).map(
          (authority) =>
            [
              'Certificate authority',
              <Certificate key={authority.fingerprint_sha256} {...authority} />,
            ] as const,
        ),
        ['It must answer', webhookTypeTable[webhook.type].mustAnswer],
        ['Created', <Time key="created" value={webhook.created_at} />],
        ['Changed', <Time key="updated" value={webhook.updated_at} />],
        ['Id', <code key="id">{webhook.id}</code>],
      ]}
    />
  )
}

function retries({ retry_policy, time_limit_ms, type }: WebhookRead): string {
  if (!retry_policy) return 'Sent once'
  return describeRetryPolicy(retry_policy, webhookTypeTable[type].kind === 'inline' ? time_limit_ms : null)
}
