/** Users and groups, by hand, by CSV and by SCIM: the actor tells which. */
import { z } from 'zod'
import type { EventType } from '../event-types.ts'
import {
  changed,
  created,
  describer,
  type EventDescription,
  facts,
  noMetadata,
  people,
  things,
  time,
} from './describe.ts'

const describe = describer('directory', [things.ada])
const member = z.strictObject({ id: z.string(), email: z.string() })
const status = (word: 'active' | 'inactive') => z.strictObject({ status: z.literal(word) })
const token = {
  target_type: 'SCIM_TOKEN',
  target_data: { id: people.scim.actor_data.id, name: people.scim.actor_data.given_name },
}
const { ada } = people

export const directoryEvents = {
  DIRECTORY_CREATED_USER: describe({
    when: 'A user is made.',
    metadata: created,
    example: {
      actor: people.scim,
      metadata: {
        before: null,
        after: { user_name: 'ada@example.com', email: 'ada@example.com', role: 'member', source: 'scim' },
      },
    },
  }),
  DIRECTORY_UPDATED_USER: describe({
    when: 'A user is changed. `scim_attributes` names attributes that only SCIM clients see.',
    metadata: z.union([changed, z.strictObject({ scim_attributes: z.array(z.string()) })]),
    example: { metadata: { before: { department: 'Sales' }, after: { department: 'Finance' } } },
  }),
  DIRECTORY_DEACTIVATED_USER: describe({
    when: 'A user is deactivated: sessions end, and offboarding begins.',
    metadata: z.strictObject({ before: status('active'), after: status('inactive') }),
    example: { metadata: { before: { status: 'active' }, after: { status: 'inactive' } } },
  }),
  DIRECTORY_REACTIVATED_USER: describe({
    when: 'A user is active again.',
    metadata: z.strictObject({ before: status('inactive'), after: status('active') }),
    example: { metadata: { before: { status: 'inactive' }, after: { status: 'active' } } },
  }),
  DIRECTORY_INVITED_USER: describe({
    when: 'A link to choose a password is made for a user.',
    metadata: z.strictObject({ expires_at: time }),
    example: { metadata: { expires_at: '2026-07-25T09:24:31.125Z' } },
  }),
  DIRECTORY_ACCEPTED_INVITATION: describe({
    when: 'The user chooses a password with the link.',
    metadata: noMetadata,
    example: { actor: ada, metadata: {} },
  }),
  DIRECTORY_CHANGED_PASSWORD: describe({
    when: 'A user changes the own password.',
    metadata: noMetadata,
    example: { actor: ada, metadata: {} },
  }),
  DIRECTORY_IMPORTED_USERS: describe({
    when: 'Users are imported from CSV; each that is made or changed has an entry of its own, too.',
    metadata: z.strictObject({
      rows: z.number().int(),
      create: z.number().int(),
      change: z.number().int(),
      unchanged: z.number().int(),
      wrong: z.number().int(),
      deactivate: z.number().int(),
      reactivate: z.number().int(),
      groups: z.array(z.string()),
      memberships_added: z.number().int(),
      memberships_removed: z.number().int(),
    }),
    example: {
      targets: [],
      metadata: {
        rows: 120,
        create: 100,
        change: 12,
        unchanged: 8,
        wrong: 0,
        deactivate: 1,
        reactivate: 0,
        groups: ['Finance'],
        memberships_added: 40,
        memberships_removed: 2,
      },
    },
  }),
  DIRECTORY_CREATED_GROUP: describe({
    when: 'A group is made.',
    metadata: created,
    example: {
      targets: [things.group],
      metadata: { before: null, after: { name: 'Finance', description: null, source: 'manual' } },
    },
  }),
  DIRECTORY_UPDATED_GROUP: describe({
    when: 'A group is changed: its members (at most 500 in one entry), or what it is called.',
    metadata: z.union([
      changed,
      z.strictObject({ members_added: z.array(member) }),
      z.strictObject({ members_removed: z.array(member) }),
    ]),
    example: {
      targets: [things.group],
      metadata: { members_added: [{ id: ada.actor_data.id, email: ada.actor_data.email }] },
    },
  }),
  DIRECTORY_DELETED_GROUP: describe({
    when: 'A group is deleted.',
    metadata: z.strictObject({ before: facts, after: z.null() }),
    example: { targets: [things.group], metadata: { before: { name: 'Finance' }, after: null } },
  }),
  DIRECTORY_CREATED_SCIM_TOKEN: describe({
    when: 'A token for an identity provider is made.',
    metadata: noMetadata,
    example: { targets: [token], metadata: {} },
  }),
  DIRECTORY_REVOKED_SCIM_TOKEN: describe({
    when: 'A token of an identity provider is revoked.',
    metadata: noMetadata,
    example: { targets: [token], metadata: {} },
  }),
} as const satisfies Partial<Record<EventType, EventDescription>>
