/** The activity log itself, its streams, and what is secret in the database. */
import { z } from 'zod'
import { eventExportQuery, logCheckpoint } from '../api/event.ts'
import type { EventType } from '../event-types.ts'
import { describer, type EventDescription, noMetadata, people, things, time } from './describe.ts'

const describe = describer('log')
const { system } = people
const hold = {
  target_type: 'LEGAL_HOLD',
  target_data: { id: 'hld_0199a1b2c3d47e5f8a9b0c1d2e3f4a17', reason: 'Case 42' },
}
const siem = {
  target_type: 'WEBHOOK',
  target_data: { id: things.webhook.target_data.id, name: 'To Splunk' },
}
const reason = z.strictObject({ reason: z.string() })

export const logEvents = {
  ADMIN_ROTATED_SECRETS: describe({
    when: 'Stored secrets are wrapped with the newest encryption key.',
    metadata: z.strictObject({
      newest_key: z.string(),
      rewrapped: z.number().int(),
      keys_in_use: z.array(z.string()),
    }),
    example: { metadata: { newest_key: 'k2', rewrapped: 31, keys_in_use: ['k2'] } },
  }),
  ADMIN_EXPORTED_EVENTS: describe({
    when: 'The activity log is exported; the filter is told.',
    metadata: eventExportQuery,
    example: { metadata: { format: 'csv', outcome: 'FAILED' } },
  }),
  ADMIN_READ_LOG_KEY: describe({
    when: 'The key that verifies the hashes of the log is read.',
    metadata: noMetadata,
    example: { metadata: {} },
  }),
  ADMIN_PLACED_LEGAL_HOLD: describe({
    when: 'A legal hold is placed: nothing leaves the log while it stands.',
    metadata: reason,
    example: { targets: [hold], metadata: { reason: 'Case 42' } },
  }),
  ADMIN_LIFTED_LEGAL_HOLD: describe({
    when: 'The legal hold is lifted.',
    metadata: reason,
    example: { targets: [hold], metadata: { reason: 'Case 42' } },
  }),
  KEYHOOK_STREAM_FELL_BEHIND: describe({
    when: 'What a SIEM webhook has not been sent is older than its limit.',
    metadata: z.strictObject({ oldest_unsent_at: time }),
    example: {
      actor: system,
      targets: [siem],
      outcome: 'FAILED',
      metadata: { oldest_unsent_at: '2026-07-18T09:09:31.125Z' },
    },
  }),
  KEYHOOK_STREAM_CAUGHT_UP: describe({
    when: 'A SIEM webhook that was behind has been sent everything.',
    metadata: noMetadata,
    example: { actor: system, targets: [siem], metadata: {} },
  }),
  KEYHOOK_HEARTBEAT: describe({
    when: 'Once a day, for SIEM webhooks that want to hear that Keyhook is there.',
    metadata: noMetadata,
    example: { actor: system, metadata: {} },
  }),
  KEYHOOK_LOG_CHECKPOINT: describe({
    when: 'A signed checkpoint is made: after 10,000 entries, after a minute in which there were any, and where the log is cut.',
    metadata: logCheckpoint,
    example: {
      actor: system,
      metadata: {
        count: 4_710,
        head: '5e1c3a7f90b24d68'.repeat(8),
        time: '2026-07-18T09:24:31.125Z',
        public_key: 'whpk_4PmYk1nYf7tYyI0oYhI8v0C1l8m6S0o0k2mYVwSgY9A=',
        signature:
          'c2lnbmF0dXJlIG9mIHRoZSBleGFtcGxlLCA2NCBieXRlcyBsb25nIGFzIGFsbCBvZiBFZDI1NTE5IGFyZS4uLi4uLi4u',
      },
    },
  }),
  KEYHOOK_DROPPED_LOG_MONTH: describe({
    when: 'A month that is older than the retention leaves the log.',
    metadata: z.strictObject({
      month: z.string(),
      from_position: z.number().int(),
      to_position: z.number().int(),
      archive_file: z.string().nullable(),
      archive_sha256: z.string().nullable(),
    }),
    example: {
      actor: system,
      metadata: {
        month: '2026-05',
        from_position: 1,
        to_position: 120_345,
        archive_file: 'activity-log-2026-05.ndjson.gz',
        archive_sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      },
    },
  }),
} as const satisfies Partial<Record<EventType, EventDescription>>
