import { z } from 'zod'
import { pageOf, pageQuery, timestamp } from './list.ts'

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
        actor_type: z.enum(['USER', 'API_KEY', 'SCIM', 'SYSTEM']),
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

export const eventListQuery = z.strictObject({
  ...pageQuery,
  type: z.string().max(100).optional().describe('Event type'),
  access_request_id: z.string().max(100).optional(),
  app_id: z.string().max(100).optional(),
  actor_id: z.string().max(100).optional().describe('User or API key'),
  target_id: z.string().max(100).optional().describe('Id of something that it is about'),
  outcome: z.enum(['SUCCEEDED', 'FAILED']).optional(),
  q: z.string().max(200).optional().describe('Words that all occur in it'),
  order: z.enum(['newest', 'oldest']).default('newest').describe('Which comes first'),
  from: timestamp.optional().describe('Logged not before'),
  to: timestamp.optional().describe('Logged before'),
})

export type EventRead = z.infer<typeof eventRead>
export type EventPage = z.infer<typeof eventPage>
