/** The webhooks of an app or a permission as forms hold them. Pure. */
import type { AttachedWebhooks } from '@keyhook/contract/api/app.ts'

export const attachPlaces = ['request_validation', 'provisioning', 'deprovisioning'] as const
export type AttachPlace = (typeof attachPlaces)[number]

/** `webhook_id` is empty where no webhook is attached. */
export type AttachedValue = { webhook_id: string; failure_policy: string }
export type AttachedValues = Record<AttachPlace, AttachedValue>

const firstPolicy: Readonly<Record<AttachPlace, string>> = {
  request_validation: 'refuse',
  provisioning: 'task',
  deprovisioning: 'task',
}

export const attachedFields = [
  'webhooks',
  ...attachPlaces.flatMap((place) => [`webhooks.${place}.webhook_id`, `webhooks.${place}.failure_policy`]),
]

export function attachedValuesOf(webhooks: AttachedWebhooks | null): AttachedValues {
  const of = (place: AttachPlace): AttachedValue => ({
    webhook_id: webhooks?.[place]?.webhook_id ?? '',
    failure_policy: webhooks?.[place]?.failure_policy ?? firstPolicy[place],
  })
  return {
    request_validation: of('request_validation'),
    provisioning: of('provisioning'),
    deprovisioning: of('deprovisioning'),
  }
}

/** As the API takes it: null where nothing is attached, which in a change detaches. */
export function attachedMember(values: AttachedValues): AttachedWebhooks {
  const of = (place: AttachPlace) => (values[place].webhook_id === '' ? null : { ...values[place] })
  return {
    request_validation: of('request_validation'),
    provisioning: of('provisioning'),
    deprovisioning: of('deprovisioning'),
  } as AttachedWebhooks
}
