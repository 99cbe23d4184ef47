/** What the catalogue says of a type of event. */
import { z } from 'zod'

/** Groups as the pages and the console show them, in their order. */
export const eventGroups = {
  requests: 'Access requests',
  reviews: 'Access reviews',
  lifecycle: 'Inactivity and offboarding',
  apps: 'Apps',
  directory: 'Directory',
  sign_in: 'Sign-in and keys',
  webhooks: 'Webhooks',
  notices: 'Notices',
  log: 'Activity log',
} as const

export type EventGroup = keyof typeof eventGroups

/** Whom an example names as the one who did it. */
type Actor = { readonly actor_type: string; readonly actor_data: Record<string, unknown> }
type Target = { readonly target_type: string; readonly target_data: Record<string, unknown> }

export type EventExample = {
  readonly actor: Actor
  readonly targets: readonly Target[]
  readonly metadata: Record<string, unknown>
  readonly outcome: 'SUCCEEDED' | 'FAILED'
}

export type EventDescription = {
  readonly group: EventGroup
  /** When it is appended, in a sentence. */
  readonly when: string
  readonly metadata: z.ZodType
  readonly example: EventExample
}

type Given<Metadata extends z.ZodType> = {
  readonly when: string
  readonly metadata: Metadata
  readonly example: {
    readonly metadata: z.output<Metadata>
    readonly actor?: Actor
    readonly targets?: readonly Target[]
    readonly outcome?: 'SUCCEEDED' | 'FAILED'
  }
}

/** Describes types of one group; the metadata of an example must fit the schema. */
export function describer(group: EventGroup, usualTargets: readonly Target[] = []) {
  return <Metadata extends z.ZodType>({ when, metadata, example }: Given<Metadata>): EventDescription => ({
    group,
    when,
    metadata,
    example: {
      actor: example.actor ?? people.grace,
      targets: example.targets ?? usualTargets,
      metadata: example.metadata as Record<string, unknown>,
      outcome: example.outcome ?? 'SUCCEEDED',
    },
  })
}

const grace = {
  id: 'usr_0199a1b2c3d47e5f8a9b0c1d2e3f4a01',
  email: 'grace@example.com',
  given_name: 'Grace',
  family_name: 'Hopper',
}
const ada = {
  id: 'usr_0199a1b2c3d47e5f8a9b0c1d2e3f4a02',
  email: 'ada@example.com',
  given_name: 'Ada',
  family_name: 'Lovelace',
}

/** Who does things in the examples. */
export const people = {
  grace: { actor_type: 'USER', actor_data: grace },
  ada: { actor_type: 'USER', actor_data: ada },
  key: {
    actor_type: 'API_KEY',
    actor_data: {
      id: 'key_0199a1b2c3d47e5f8a9b0c1d2e3f4a03',
      email: '',
      given_name: 'Portal',
      family_name: '',
    },
  },
  scim: {
    actor_type: 'SCIM',
    actor_data: {
      id: 'sct_0199a1b2c3d47e5f8a9b0c1d2e3f4a04',
      email: '',
      given_name: 'Okta',
      family_name: '',
    },
  },
  system: { actor_type: 'SYSTEM', actor_data: { email: '', given_name: 'Keyhook', family_name: '' } },
  unknown: { actor_type: 'UNKNOWN', actor_data: { email: '', given_name: '', family_name: '' } },
} as const

/** What things are done to in the examples. */
export const things = {
  ada: { target_type: 'USER', target_data: ada },
  grace: { target_type: 'USER', target_data: grace },
  request: { target_type: 'ACCESS_REQUEST', target_data: { id: 'req_0199a1b2c3d47e5f8a9b0c1d2e3f4a05' } },
  app: {
    target_type: 'APP',
    target_data: { id: 'app_0199a1b2c3d47e5f8a9b0c1d2e3f4a06', app_id: 'billing', name: 'Billing' },
  },
  grant: { target_type: 'GRANT', target_data: { id: 'grt_0199a1b2c3d47e5f8a9b0c1d2e3f4a07' } },
  group: {
    target_type: 'GROUP',
    target_data: { id: 'grp_0199a1b2c3d47e5f8a9b0c1d2e3f4a08', name: 'Finance' },
  },
  webhook: {
    target_type: 'WEBHOOK',
    target_data: {
      id: 'wh_0199a1b2c3d47e5f8a9b0c1d2e3f4a09',
      name: 'Billing roles',
      webhook_type: 'provisioning',
    },
  },
  delivery: { target_type: 'DELIVERY', target_data: { id: 'dlv_0199a1b2c3d47e5f8a9b0c1d2e3f4a10' } },
} as const

/** Nothing is to be said beyond the type, the actor and the targets. */
export const noMetadata = z.strictObject({})

/** Members of something that was configured, as the API names them; secrets by name only. */
export const facts = z.record(z.string(), z.unknown())

/** The members that differ, as they were and as they are. */
export const changed = z.strictObject({ before: facts, after: facts })
export const created = z.strictObject({ before: z.null(), after: facts })
export const time = z.iso.datetime()
