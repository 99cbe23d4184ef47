/** Who comes in, who is kept out, and the keys of programs. */
import { z } from 'zod'
import type { EventType } from '../event-types.ts'
import { describer, type EventDescription, noMetadata, people, things } from './describe.ts'

const describe = describer('sign_in', [things.ada])
const { ada, system, unknown } = people
const apiKey = {
  target_type: 'API_KEY',
  target_data: { id: people.key.actor_data.id, name: people.key.actor_data.given_name },
}

const fromWhere = {
  ip: z.string().describe('Address that the request came from'),
  user_agent: z.string().nullable().describe('At most 200 characters'),
}
const others = z
  .number()
  .int()
  .min(0)
  .describe('So many more like it, since the one before, have no entry of their own')
const ofKey = z.strictObject({ role: z.string() })
const browser = { ip: '203.0.113.7', user_agent: 'Mozilla/5.0' }

export const signInEvents = {
  AUTH_CREATED_FIRST_ADMINISTRATOR: describe({
    when: 'The first administrator is made with the link that the server printed.',
    metadata: noMetadata,
    example: { actor: ada, metadata: {} },
  }),
  AUTH_SIGNED_IN: describe({
    when: 'Somebody signs in to the console.',
    metadata: z.strictObject(fromWhere),
    example: { actor: ada, metadata: browser },
  }),
  AUTH_SIGN_IN_FAILED: describe({
    when: 'Somebody tries to sign in and may not. At most one a minute for each address and place; `others` counts the rest.',
    metadata: z.strictObject({
      reason: z.enum(['unknown_email', 'no_password', 'deactivated', 'wrong_password', 'too_many_tries']),
      email: z.string().nullable().describe('null: what was typed is not an address'),
      ...fromWhere,
      others,
    }),
    example: {
      actor: unknown,
      outcome: 'FAILED',
      metadata: { reason: 'wrong_password', email: ada.actor_data.email, ...browser, others: 0 },
    },
  }),
  AUTH_SIGNED_OUT: describe({
    when: 'Somebody signs out.',
    metadata: z.strictObject(fromWhere),
    example: { actor: ada, metadata: browser },
  }),
  AUTH_ENDED_SESSIONS: describe({
    when: 'Sessions of somebody end because the password or the status of the user changed.',
    metadata: z.strictObject({
      reason: z.enum(['password_changed', 'invitation_accepted', 'user_deactivated']),
      sessions: z.number().int().min(1),
    }),
    example: { metadata: { reason: 'user_deactivated', sessions: 2 } },
  }),
  AUTH_REFUSED_ACCESS: describe({
    when:
      'A call is refused because of who makes it: a key or SCIM token that is wrong or revoked, an operation above the ' +
      "caller's level, a page of another site. At most one a minute for each reason, caller and operation; `others` counts the rest.",
    metadata: z.strictObject({
      reason: z.enum([
        'unknown_key',
        'revoked_key',
        'above_level',
        'cross_site',
        'unknown_scim_token',
        'revoked_scim_token',
      ]),
      operation: z.string().describe('`operationId` of the API, or method and route'),
      ip: fromWhere.ip,
      others,
    }),
    example: {
      actor: unknown,
      targets: [],
      outcome: 'FAILED',
      metadata: { reason: 'unknown_key', operation: 'listWebhooks', ip: browser.ip, others: 41 },
    },
  }),
  ADMIN_CREATED_API_KEY: describe({
    when: 'An API key is made: by the API, on the command line, or from `KEYHOOK_BOOTSTRAP_KEY`.',
    metadata: ofKey,
    example: { targets: [apiKey], metadata: { role: 'admin' } },
  }),
  ADMIN_REVOKED_API_KEY: describe({
    when: 'An API key is revoked.',
    metadata: ofKey,
    example: { targets: [apiKey], metadata: { role: 'admin' } },
  }),
  ADMIN_RESTORED_API_KEY: describe({
    when: 'A start with `KEYHOOK_BOOTSTRAP_KEY` lets that key work again after it was revoked.',
    metadata: ofKey,
    example: { actor: system, targets: [apiKey], metadata: { role: 'admin' } },
  }),
} as const satisfies Partial<Record<EventType, EventDescription>>
