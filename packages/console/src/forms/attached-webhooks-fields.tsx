import type { ReactNode } from 'react'
import { api } from '../api.ts'
import { useSideRead } from '../query.ts'
import { type AttachedValues, type AttachPlace, attachPlaces } from './attached-values.ts'
import { AttachedWebhookField } from './attached-webhook-field.tsx'
import classes from './form-sections.module.css'

type Props = {
  value: AttachedValues
  onChange: (value: AttachedValues) => void
  errorOf: (path: string) => ReactNode
  none: Readonly<Record<AttachPlace, string>>
}

/** The webhooks of an app or a permission, place by place. */
export function AttachedWebhooksFields({ value, onChange, errorOf, none }: Props) {
  const webhooks = useSideRead(api.webhookList({ limit: 200 }))
  return (
    <div className={classes.fields}>
      {attachPlaces.map((place) => (
        <AttachedWebhookField
          key={place}
          place={place}
          webhooks={webhooks?.data ?? []}
          value={value[place]}
          onChange={(attached) => onChange({ ...value, [place]: attached })}
          errorOf={errorOf}
          none={none[place]}
        />
      ))}
      {errorOf('webhooks') && <p className={classes.error}>{errorOf('webhooks')}</p>}
    </div>
  )
}
