/** The stream of the activity log to a SIEM webhook: how events are sent, how far it is, and what people can do about it. */
import { z } from 'zod'
import { streamDefaults, streamLimits } from '../setting-limits.ts'
import { siemFormats } from '../siem/formats.ts'
import { moment, timestamp } from './list.ts'

const whole = ({ min, max }: { min: number; max: number }, unit: string) =>
  z.int(`A whole number of ${unit}`).min(min, `At least ${min}`).max(max, `At most ${max}`)

const members = {
  format: z.enum(siemFormats).describe('What the receiver reads; see the page on SIEM formats'),
  batch_events: whole(streamLimits.batch_events, 'events').describe('Events in one POST at most, 1 to 1,000'),
  batch_wait_ms: whole(streamLimits.batch_wait_ms, 'milliseconds').describe(
    'So long an event waits for others to fill a batch; 0: it does not wait',
  ),
  batch_bytes: whole(streamLimits.batch_bytes, 'bytes').describe(
    'A batch is divided when its body would be larger; a single event is sent whatever its size',
  ),
  gzip: z.boolean().describe('Compress the body; signatures are made over the bytes before'),
  strict_order: z
    .boolean()
    .describe(
      'One POST after the other; an event that is always refused then stops the stream instead of being set aside',
    ),
  event_types: z
    .array(
      z
        .string()
        .max(100, 'At most 100 characters')
        .regex(
          /^[A-Z][A-Z0-9_]*\*?$/,
          'A type such as ADMIN_UPDATED_APP, or the beginning of some such as ADMIN_*',
        ),
    )
    .min(1, 'Name at least one type, or leave it null for all')
    .max(streamLimits.event_types, `At most ${streamLimits.event_types} types`)
    .nullable()
    .describe('Only these types, or types that begin so (`ADMIN_*`); null: all. Checkpoints are always sent'),
  lag_alert_seconds: whole(streamLimits.lag_alert_seconds, 'seconds')
    .nullable()
    .describe('Administrators are told when the stream is this far behind; null: never'),
  heartbeat: z.boolean().describe('A KEYHOOK_HEARTBEAT event once a day, so that silence means something'),
}

const start = z
  .union([z.enum(['now', 'beginning']), moment], {
    error: 'now, beginning, or a time such as 2026-01-31T00:00:00Z',
  })
  .describe(
    'The first event: those after the webhook was made, the first of the log, or those from a time on',
  )

export const streamInput = z
  .strictObject({
    format: members.format.default(streamDefaults.format),
    batch_events: members.batch_events.default(streamDefaults.batch_events),
    batch_wait_ms: members.batch_wait_ms.default(streamDefaults.batch_wait_ms),
    batch_bytes: members.batch_bytes.default(streamDefaults.batch_bytes),
    gzip: members.gzip.default(streamDefaults.gzip),
    strict_order: members.strict_order.default(streamDefaults.strict_order),
    event_types: members.event_types.default(streamDefaults.event_types),
    lag_alert_seconds: members.lag_alert_seconds.default(streamDefaults.lag_alert_seconds),
    heartbeat: members.heartbeat.default(streamDefaults.heartbeat),
    start: start.default(streamDefaults.start),
  })
  .meta({ id: 'StreamSettings' })

/** In a change each may be left out, which keeps what is stored; where it began cannot be changed. */
export const streamChange = z.strictObject(members).partial().meta({ id: 'StreamSettingsChange' })
/** As a form holds it. */
export const streamDraft = z
  .strictObject({ ...members, start })
  .partial()
  .meta({ id: 'StreamSettingsDraft' })

export type StreamSettings = z.infer<typeof streamInput>
export type StreamChange = z.infer<typeof streamDraft>

const count = z.int()

const failure = z
  .object({
    at: timestamp,
    explanation: z.string(),
    http_status: z.int().nullable(),
    delivery_id: z.string(),
  })
  .meta({ id: 'StreamFailure' })

export const replayRead = z
  .object({
    id: z.string(),
    from_position: count.describe('The first event'),
    to_position: count.describe('The last event'),
    position: count.describe('Sent up to and with this one'),
    created_at: timestamp,
  })
  .meta({ id: 'Replay' })

export const streamRead = z
  .object({
    webhook_id: z.string(),
    state: z
      .enum(['running', 'paused', 'failing', 'disabled'])
      .describe('failing: the receiver does not take events; it is tried again until it does'),
    position: count.describe('Every event up to this position was taken, set aside or filtered out'),
    head: count.describe('The last position of the log'),
    lag_events: count.describe('Events between the two'),
    lag_seconds: z.number().describe('Age of the oldest event that was not sent yet'),
    rate_per_second: z.number().describe('Events per second of late'),
    estimate_seconds: z
      .number()
      .nullable()
      .describe('Until it has caught up at this rate; null when that cannot be said'),
    sent_events: count.describe('Since the webhook was made'),
    set_aside: count.describe('Deliveries that the receiver refused and that were set aside'),
    window: z.object({
      posts: count.describe('So many POSTs are planned at a time; within these the order may change'),
      concurrent: count.describe('So many of these are under way at a time'),
    }),
    last_success_at: timestamp.nullable(),
    failing_since: timestamp.nullable(),
    last_failure: failure.nullable(),
    paused_at: timestamp.nullable(),
    replays: z.array(replayRead).describe('Ranges that are being sent again'),
  })
  .meta({ id: 'Stream' })

const range = {
  from: moment.optional().describe('Logged at or after'),
  to: moment.optional().describe('Logged before'),
  from_position: z.int().min(1, 'At least 1').optional(),
  to_position: z.int().min(1, 'At least 1').optional(),
}

export const replayRange = z
  .strictObject({ ...range, preview: z.boolean().default(false).describe('Only count') })
  .meta({ id: 'ReplayRange' })

export const replayResult = z
  .object({
    events: count.describe('Events in the range that the filter of the webhook lets through'),
    from_position: count.nullable(),
    to_position: count.nullable(),
    replay: replayRead.nullable().describe('null in a preview'),
  })
  .meta({ id: 'ReplayResult' })

export const streamMove = z
  .strictObject({ to: start })
  .describe('Where the stream goes on: what lies between is not sent, or sent again')
  .meta({ id: 'StreamMove' })

export type StreamRead = z.infer<typeof streamRead>
export type ReplayRead = z.infer<typeof replayRead>
export type ReplayResult = z.infer<typeof replayResult>
