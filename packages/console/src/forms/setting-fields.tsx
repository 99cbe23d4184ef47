import { type AuthenticationType, authenticationLabels } from '@keyhook/contract/authentication-kinds.ts'
import { describeRetryPolicy } from '@keyhook/contract/retry-policy.ts'
import { type WebhookType, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { NumberInput, Switch, Textarea } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { ReactNode } from 'react'
import { Fold } from '../ui/fold.tsx'
import { AuthenticationFields } from './authentication-fields.tsx'
import { ConditionField } from './condition-field.tsx'
import classes from './setting-fields.module.css'
import { StreamMoreFields } from './stream-more-fields.tsx'
import type { WebhookValues } from './webhook-values.ts'

type Form = UseFormReturnType<WebhookValues>
type Props = {
  form: Form
  type: WebhookType
  webhookId: string | null
  /** The kind of authentication whose secrets the server holds. */
  storedAuthentication: AuthenticationType | null
  /** The authentication is made from answers instead of being entered. */
  isAsked: boolean
}

/** Everything about a webhook that has a default, folded away until somebody wants to change it. */
export function SettingFields({ form, type, webhookId, storedAuthentication, isAsked }: Props) {
  const values = form.getValues()
  const { retry_policy, circuit_breaker, callback } = values
  // A stream tries again until its receiver takes the events: it has no place to wait for, and breaks no circuit.
  const isStream = webhookTypeTable[type].kind === 'event'
  const wrong = (...starts: string[]) =>
    Object.keys(form.errors).some((path) => starts.some((start) => path.startsWith(start)))
  const section = (title: string, state: string, starts: string[], children: ReactNode) => (
    <Fold
      className={classes.section}
      forceOpen={wrong(...starts)}
      summary={
        <>
          <span className={classes.title}>{title}</span>
          <span className={classes.state}>{state}</span>
        </>
      }
    >
      {children}
    </Fold>
  )
  const number = (path: string, label: string, description?: string) => (
    <NumberInput
      label={label}
      {...(description ? { description } : {})}
      allowNegative={false}
      key={form.key(path)}
      {...form.getInputProps(path)}
    />
  )
  const toggle = (path: string, label: string, description: string) => (
    <Switch
      label={label}
      description={description}
      key={form.key(path)}
      {...form.getInputProps(path, { type: 'checkbox' })}
    />
  )

  return (
    <div className={classes.sections}>
      {type === 'siem' && <StreamMoreFields form={form} isNew={webhookId === null} />}
      {!isAsked &&
        section(
          'Authentication',
          authenticationLabels[values.authentication.type],
          ['authentication'],
          <AuthenticationFields form={form} stored={storedAuthentication} />,
        )}
      {section(
        'Condition',
        conditionState(values, isStream),
        ['condition'],
        <ConditionField form={form} type={type} webhookId={webhookId} />,
      )}
      {section(
        'Retries',
        retryState(values, isStream),
        ['retry_policy'],
        <div className={classes.fields}>
          {toggle(
            'retry_policy.on',
            isStream ? 'Other retries than usual' : 'This endpoint may get the same delivery twice',
            isStream
              ? 'How often an event that is refused is tried before it is set aside, and the first pause. While the receiver is down, it is tried until it is back.'
              : 'Then it is sent again when there was no connection or a status that says “not now”. The time limit covers all attempts together, so that no answer in time is the end.',
          )}
          {retry_policy.on && (
            <div className={classes.numbers}>
              {number('retry_policy.max_attempts', 'Attempts in all')}
              {number('retry_policy.first_delay_ms', 'First pause (ms)')}
              {number('retry_policy.max_delay_ms', 'Longest pause (ms)')}
            </div>
          )}
        </div>,
      )}
      {section(
        'Limits',
        isStream
          ? `${values.concurrency_limit} at a time`
          : `${values.concurrency_limit} at a time, circuit breaker ${circuit_breaker.on ? 'on' : 'off'}`,
        ['concurrency_limit', 'max_wait', 'circuit_breaker'],
        <div className={classes.fields}>
          <div className={classes.numbers}>
            {number('concurrency_limit', 'Deliveries at a time')}
            {!isStream && number('max_wait_seconds', 'Longest wait for a place (seconds)')}
          </div>
          {!isStream &&
            toggle(
              'circuit_breaker.on',
              'Circuit breaker',
              'When too many calls fail, deliveries fail at once for a while instead of waiting for an ill endpoint.',
            )}
          {!isStream && circuit_breaker.on && (
            <div className={classes.numbers}>
              {number('circuit_breaker.failure_percent', 'Opens at failures of (%)')}
              {number('circuit_breaker.minimum_calls', 'Of at least (calls)')}
              {number('circuit_breaker.window_seconds', 'Within (seconds)')}
              {number('circuit_breaker.pause_seconds', 'Next try after (seconds)')}
            </div>
          )}
        </div>,
      )}
      {webhookTypeTable[type].perPermission &&
        section(
          'Several permissions',
          values.delivery_per_permission ? 'A delivery for each' : 'One delivery for all',
          ['delivery_per_permission'],
          toggle(
            'delivery_per_permission',
            'A delivery for each permission',
            'Otherwise one delivery names all permissions of a request that this webhook gives or removes.',
          ),
        )}
      {webhookTypeTable[type].kind === 'inline' &&
        section(
          'Late answers',
          callback.on ? `Up to ${callback.hours} ${callback.hours === 1 ? 'hour' : 'hours'}` : 'Not taken',
          ['callback'],
          <div className={classes.fields}>
            {toggle(
              'callback.on',
              'The receiver may answer later',
              'It answers 202 {"callback": true} and sends its answer to the callback_url of the payload.',
            )}
            {callback.on && number('callback.hours', 'Within (hours)', 'Up to 720, which is 30 days.')}
          </div>,
        )}
      {section(
        'TLS and signature',
        tlsSentence(values),
        ['client_certificate', 'certificate_authority', 'v1a'],
        <div className={classes.fields}>
          {toggle(
            'v1a_signature',
            'Sign with Ed25519 too (v1a)',
            'Beside HMAC; receivers then need only the public key.',
          )}
          {pem(
            form,
            'client_certificate.certificate',
            'Client certificate',
            'For mutual TLS: PEM, its own certificate first.',
          )}
          {pem(
            form,
            'client_certificate.private_key',
            'Its private key',
            'PEM, not encrypted. Leave it empty to keep a stored one.',
          )}
          {pem(
            form,
            'certificate_authority',
            'Certificate authority',
            'PEM: trusted for this webhook beside the usual ones.',
          )}
        </div>,
      )}
    </div>
  )
}

function pem(form: Form, path: string, label: string, description: string) {
  return (
    <Textarea
      label={label}
      description={description}
      rows={3}
      resize="vertical"
      spellCheck={false}
      classNames={{ input: classes.pem ?? '' }}
      key={form.key(path)}
      {...form.getInputProps(path)}
    />
  )
}

function retryState({ retry_policy: policy, time_limit_seconds }: WebhookValues, isStream: boolean): string {
  if (!isStream)
    return policy.on ? retrySentence(policy, (Number(time_limit_seconds) || 15) * 1_000) : 'Sent once'
  return policy.on ? `${policy.max_attempts} tries of what is refused` : 'As usual'
}

function retrySentence(policy: WebhookValues['retry_policy'], limitMs: number): string {
  const { max_attempts, first_delay_ms, max_delay_ms } = policy
  return describeRetryPolicy(
    {
      max_attempts: Number(max_attempts),
      first_delay_ms: Number(first_delay_ms),
      max_delay_ms: Number(max_delay_ms),
    },
    limitMs,
  )
}

function tlsSentence({ client_certificate, certificate_authority, v1a_signature }: WebhookValues): string {
  const parts = [
    v1a_signature ? 'v1 and v1a' : 'v1',
    ...(client_certificate.certificate.trim() ? ['client certificate'] : []),
    ...(certificate_authority.trim() ? ['own authority'] : []),
  ]
  return parts.join(', ')
}

function conditionState({ condition }: WebhookValues, isStream: boolean): string {
  const isEmpty = condition.trim() === ''
  if (isStream) return isEmpty ? 'Every event' : 'Events for which it holds'
  return isEmpty ? 'Always called' : 'Called when it holds'
}
