/** Apps and what belongs to them. `before` and `after` have the members of the API. */
import { z } from 'zod'
import type { EventType } from '../event-types.ts'
import { changed, describer, type EventDescription, facts, noMetadata, people, things } from './describe.ts'

const describe = describer('apps', [things.app])
const permission = {
  target_type: 'PERMISSION',
  target_data: {
    id: 'perm_0199a1b2c3d47e5f8a9b0c1d2e3f4a13',
    label: 'Billing: read only',
    value: 'billing_read',
  },
}
const rule = {
  target_type: 'PRE_APPROVAL_RULE',
  target_data: { id: 'par_0199a1b2c3d47e5f8a9b0c1d2e3f4a14', name: 'Finance reads' },
}
const made = z.strictObject({ after: facts })

export const appEvents = {
  ADMIN_CREATED_APP: describe({
    when: 'An app is made.',
    metadata: made,
    example: { metadata: { after: { name: 'Billing', app_id: 'billing', approvers: [] } } },
  }),
  ADMIN_UPDATED_APP: describe({
    when: 'An app is changed, but for its app admins.',
    metadata: changed,
    example: { metadata: { before: { name: 'Billing' }, after: { name: 'Billing (EU)' } } },
  }),
  ADMIN_UPDATED_APP_ADMINS: describe({
    when: 'The app admins of an app are changed.',
    metadata: changed,
    example: {
      metadata: { before: { admins: [] }, after: { admins: [people.ada.actor_data.id] } },
    },
  }),
  ADMIN_ARCHIVED_APP: describe({
    when: 'An app is archived, so that it cannot be requested any more.',
    metadata: noMetadata,
    example: { metadata: {} },
  }),
  ADMIN_CREATED_PERMISSION: describe({
    when: 'A permission of an app is made.',
    metadata: made,
    example: {
      targets: [things.app, permission],
      metadata: { after: { label: 'Billing: read only', value: 'billing_read', source: 'MANUAL' } },
    },
  }),
  ADMIN_UPDATED_PERMISSION: describe({
    when: 'A permission is changed.',
    metadata: changed,
    example: {
      targets: [things.app, permission],
      metadata: { before: { label: 'Billing: read' }, after: { label: 'Billing: read only' } },
    },
  }),
  ADMIN_ARCHIVED_PERMISSION: describe({
    when: 'A permission is archived, so that it cannot be requested any more.',
    metadata: noMetadata,
    example: { targets: [things.app, permission], metadata: {} },
  }),
  ADMIN_CREATED_PRE_APPROVAL_RULE: describe({
    when: 'A pre-approval rule of an app is made.',
    metadata: made,
    example: {
      targets: [things.app, rule],
      metadata: { after: { name: 'Finance reads', group_ids: [things.group.target_data.id] } },
    },
  }),
  ADMIN_UPDATED_PRE_APPROVAL_RULE: describe({
    when: 'A pre-approval rule is changed or gets another place among the rules.',
    metadata: changed,
    example: {
      targets: [things.app, rule],
      metadata: { before: { position: 1 }, after: { position: 0 } },
    },
  }),
  ADMIN_DELETED_PRE_APPROVAL_RULE: describe({
    when: 'A pre-approval rule is deleted.',
    metadata: z.strictObject({ before: facts }),
    example: { targets: [things.app, rule], metadata: { before: { name: 'Finance reads' } } },
  }),
} as const satisfies Partial<Record<EventType, EventDescription>>
