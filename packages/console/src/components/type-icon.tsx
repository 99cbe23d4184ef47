import { type WebhookType, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import {
  type Icon,
  IconBroadcast,
  IconClipboardCheck,
  IconKey,
  IconKeyOff,
  IconRosetteDiscountCheck,
} from '@tabler/icons-react'
import classes from './type-icon.module.css'

const icons: Readonly<Record<WebhookType, Icon>> = {
  request_validation: IconClipboardCheck,
  pre_approval: IconRosetteDiscountCheck,
  provisioning: IconKey,
  deprovisioning: IconKeyOff,
  siem: IconBroadcast,
}

export function TypeIcon({ type, size = 18 }: { type: WebhookType; size?: number }) {
  const TheIcon = icons[type]
  return <TheIcon size={size} stroke={1.7} aria-hidden="true" />
}

/** The type's icon and name. */
export function TypeLabel({ type }: { type: WebhookType }) {
  return (
    <span className={classes.label}>
      <TypeIcon type={type} />
      {webhookTypeTable[type].label}
    </span>
  )
}
