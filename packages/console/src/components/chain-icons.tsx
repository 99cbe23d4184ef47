import type { ChainRead } from '@keyhook/contract/api/chain.ts'
import {
  type Icon,
  IconBolt,
  IconForms,
  IconHourglass,
  IconKey,
  IconKeyOff,
  IconShieldCheck,
  IconUserCheck,
} from '@tabler/icons-react'

export type ChainKind = ChainRead['steps'][number]['kind']

/** The sign of each thing that happens to a request. */
export const chainIcons: Readonly<Record<ChainKind, Icon>> = {
  intake: IconForms,
  validation: IconShieldCheck,
  pre_approval: IconBolt,
  approval: IconUserCheck,
  provisioning: IconKey,
  expiry: IconHourglass,
  deprovisioning: IconKeyOff,
}
