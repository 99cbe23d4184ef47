import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { NativeSelect } from '@mantine/core'
import type { ReactNode } from 'react'
import { pb } from '../path-builder.ts'
import { TextLink } from '../ui/links.tsx'
import type { AttachedValue, AttachPlace } from './attached-values.ts'
import classes from './form-sections.module.css'

type Props = {
  place: AttachPlace
  webhooks: readonly WebhookRead[]
  value: AttachedValue
  onChange: (value: AttachedValue) => void
  errorOf: (path: string) => ReactNode
  /** What happens at this place without a webhook. */
  none: string
}

const texts: Readonly<Record<AttachPlace, { label: string; description: string }>> = {
  request_validation: {
    label: 'Request validation',
    description: 'Asked while the requester waits; may refuse the request with a message.',
  },
  provisioning: {
    label: 'Provisioning',
    description: 'Gives the access once it is approved.',
  },
  deprovisioning: {
    label: 'Deprovisioning',
    description: 'Takes the access away when it ends.',
  },
}
const policies = [
  { value: 'refuse', label: 'The request is refused: try again later' },
  { value: 'continue', label: 'The request goes on, as if it had said yes' },
]

/** Which webhook runs at one place of an app or a permission, and what happens when it fails. */
export function AttachedWebhookField({ place, webhooks, value, onChange, errorOf, none }: Props) {
  const { label, description } = texts[place]
  const choices = webhooks
    .filter(({ type }) => type === place)
    .map(({ id, name, enabled }) => ({ value: id, label: enabled ? name : `${name} (disabled)` }))
  // One that was deleted meanwhile is still attached, and can be detached.
  if (value.webhook_id !== '' && !choices.some((choice) => choice.value === value.webhook_id))
    choices.push({ value: value.webhook_id, label: 'A webhook that is not there any more' })

  return (
    <div className={classes.nested}>
      <NativeSelect
        label={`${label} webhook`}
        description={description}
        data={[{ value: '', label: none }, ...choices]}
        value={value.webhook_id}
        onChange={(event) => onChange({ ...value, webhook_id: event.currentTarget.value })}
        error={errorOf(`webhooks.${place}.webhook_id`)}
      />
      {choices.length === 0 && (
        <p className={classes.hint}>
          There is no {label.toLowerCase()} webhook yet.{' '}
          <TextLink to={pb.webhookNew()} search={{ type: place }}>
            Add one
          </TextLink>
        </p>
      )}
      {place === 'request_validation' && value.webhook_id !== '' && (
        <NativeSelect
          label="When this webhook fails"
          data={policies}
          value={value.failure_policy}
          onChange={(event) => onChange({ ...value, failure_policy: event.currentTarget.value })}
          error={errorOf(`webhooks.${place}.failure_policy`)}
        />
      )}
    </div>
  )
}
