import { z } from 'zod'
import { pageOf, pageQuery, timestamp } from './list.ts'
import { line } from './text.ts'

/** One entry of the activity log, in the shape that SIEM webhooks get (design of the published payload). */
export const eventRead = z
  .object({
    id: z.string(),
    position: z.number().int().describe('Its place in the log, counted from 1 without gaps'),
    logged_at: timestamp.describe('When it got its place'),
    access_request_id: z.string().nullable(),
    app_id: z.string().nullable(),
    event: z.object({
      actor: z.object({
        actor_type: z
          .string()
          .describe(
            '`USER`, `API_KEY`, `SCIM`, `SYSTEM`, `UNKNOWN` (who did not prove who they are); events of other systems may have others',
          ),
        actor_data: z
          .record(z.string(), z.unknown())
          .describe('For a person: email, given_name, family_name'),
      }),
      event_type: z.string(),
      event_type_user_friendly: z.string(),
      event_began_at: timestamp,
      event_hash: z
        .string()
        .describe('128 hex digits: SHA-512, keyed, over the event and the hash of the one before'),
      event_metadata: z.record(z.string(), z.unknown()),
      outcome: z.enum(['SUCCEEDED', 'FAILED']),
      targets: z.array(z.object({ target_type: z.string(), target_data: z.record(z.string(), z.unknown()) })),
    }),
  })
  .meta({ id: 'Event' })

export const eventPage = pageOf(eventRead)

/** A signed statement of where the log stood; the server checks signatures in events/checkpoint.ts. */
export const logCheckpoint = z
  .object({
    count: z.number().int().min(0).describe('How many entries there were, from the first ever on'),
    head: z
      .string()
      .regex(/^[0-9a-f]{128}$/)
      .describe('`event_hash` of the last of them'),
    time: timestamp,
    public_key: z.string().describe('The key that verifies `signature`'),
    first_position: z
      .number()
      .int()
      .optional()
      .describe('Entries before this one have left the log from then on, as its retention says'),
    signature: z
      .string()
      .describe('Base64 of the Ed25519 signature over the other members as RFC 8785 writes them'),
  })
  .meta({ id: 'LogCheckpoint' })

export type LogCheckpoint = z.infer<typeof logCheckpoint>

/** What a query of the log may ask for. */
export const eventFilters = {
  type: z.string().max(100).optional().describe('Event type'),
  access_request_id: z.string().max(100).optional(),
  app_id: z.string().max(100).optional(),
  actor_id: z.string().max(100).optional().describe('User or API key'),
  target_id: z.string().max(100).optional().describe('Id of something that it is about'),
  outcome: z.enum(['SUCCEEDED', 'FAILED']).optional(),
  q: z.string().max(200).optional().describe('Words that all occur in it'),
  from: timestamp.optional().describe('Logged not before'),
  to: timestamp.optional().describe('Logged before'),
}

export const eventListQuery = z.strictObject({
  ...pageQuery,
  ...eventFilters,
  order: z.enum(['newest', 'oldest']).default('newest').describe('Which comes first'),
})

export const eventCountQuery = z.strictObject(eventFilters)

export const eventCount = z
  .object({ count: z.number().int().describe('Entries that the filters mean now') })
  .meta({ id: 'EventCount' })

export type EventCount = z.infer<typeof eventCount>

/** The same filters, for what happens from now on, or behind a place. */
export const eventStreamQuery = z.strictObject({
  ...eventFilters,
  after: z.coerce.number().int().min(0).optional().describe('The place in the log behind which it begins'),
})

/** Filters of the log, by their names in the API. */
export type EventFilters = Partial<{
  [Name in keyof typeof eventFilters]: z.infer<(typeof eventFilters)[Name]>
}>

export type EventRead = z.infer<typeof eventRead>
export type EventPage = z.infer<typeof eventPage>

/** Longest event that can be appended, in bytes of its JSON. */
export const largestEventBytes = 65_536

/** An event of another system, in the published shape without its hash. */
export const eventCreate = z
  .strictObject({
    actor: z.strictObject({
      actor_type: line(50).describe('For example USER or SERVICE'),
      actor_data: z
        .looseObject({
          email: z.string().max(254).default(''),
          given_name: z.string().max(200).default(''),
          family_name: z.string().max(200).default(''),
        })
        .describe('Who did it; more members may be given'),
    }),
    event_type: z
      .string()
      .regex(
        /^CUSTOM_[A-Z0-9_]{1,90}$/,
        'CUSTOM_ and upper-case letters, digits and _, for example CUSTOM_VPN_LOGIN: other types are those of Keyhook itself',
      ),
    event_type_user_friendly: line(200).optional().describe('Left out: made from the type'),
    event_began_at: timestamp.optional().describe('When it happened; left out: now'),
    event_metadata: z.record(z.string(), z.unknown()).default({}),
    outcome: z.enum(['SUCCEEDED', 'FAILED']).default('SUCCEEDED'),
    targets: z
      .array(
        z.strictObject({ target_type: line(50), target_data: z.record(z.string(), z.unknown()).default({}) }),
      )
      .max(50)
      .default([]),
  })
  .meta({ id: 'EventCreate' })

export const eventCreated = z.object({ id: z.string() }).meta({ id: 'EventCreated' })

/** Up to 1,000 events: all of them are appended, or none. */
export const eventBatchCreate = z
  .strictObject({ events: z.array(eventCreate).min(1).max(1_000) })
  .meta({ id: 'EventBatchCreate' })
export const eventBatchCreated = z.object({ data: z.array(eventCreated) }).meta({ id: 'EventBatchCreated' })

export const eventExportQuery = z.strictObject({
  ...eventFilters,
  format: z.enum(['ndjson', 'csv']).default('ndjson'),
  from_position: z.coerce.number().int().min(1).optional().describe('Not before this place in the log'),
  to_position: z.coerce.number().int().min(1).optional().describe('Not behind this place in the log'),
})

/** Where the log stands, and what verifies it. */
export const logRead = z
  .object({
    first_position: z.number().int().describe('Entries before it have left the log, as its retention says'),
    position: z.number().int().describe('Of the last entry'),
    head: z.string().describe('`event_hash` of the last entry'),
    public_key: z.string().describe('Verifies checkpoints: `whpk_` and base64'),
    checkpoints: z.array(logCheckpoint).describe('The newest first, at most 1,000'),
    before: z
      .object({ position: z.number().int(), hash: z.string() })
      .describe('What the first entry follows'),
    cut: logCheckpoint
      .nullable()
      .default(null)
      .describe('Says that the log begins with `first_position`; null: nothing has left it'),
  })
  .meta({ id: 'Log' })

export const logKeyRead = z
  .object({
    key: z
      .string()
      .describe('Base64 of the 32 bytes of the HMAC key. Who has it could make hashes that fit.'),
  })
  .meta({ id: 'LogKey' })

export type EventCreate = z.infer<typeof eventCreate>
export type LogRead = z.infer<typeof logRead>
