import { z } from 'zod'
import { timestamp } from './list.ts'
import { line } from './text.ts'

/** While it is in place, no month leaves the log. */
export const legalHoldRead = z
  .object({
    id: z.string(),
    reason: z.string(),
    placed_at: timestamp,
    placed_by: z.string().describe('Name of who placed it'),
  })
  .meta({ id: 'LegalHold' })

export const legalHoldCreate = z
  .strictObject({ reason: line(500).describe('Why, for example the number of a case') })
  .meta({ id: 'LegalHoldCreate' })

/** What keeps a month that is due in the log. */
export const waitsForWords = ['hold', 'stream', 'problem'] as const

export const logRetentionRead = z
  .object({
    days: z.number().int().nullable().describe('Entries stay at least so long; null: for ever'),
    archived: z.boolean().describe('Whether a month is written to files before it leaves the log'),
    first: z
      .object({ position: z.number().int(), logged_at: timestamp })
      .nullable()
      .describe('The first entry that is left'),
    entries: z.number().int(),
    bytes: z.number().int().describe('What the log takes on disk, with its indexes'),
    hold: legalHoldRead.nullable(),
    next: z
      .object({
        month: z.string().describe('For example 2026-05'),
        at: timestamp.describe('From then on it may leave the log'),
        waits_for: z
          .enum(waitsForWords)
          .nullable()
          .describe(
            '`hold`: a legal hold. `stream`: a SIEM webhook has not got all of it. `problem`: see `problem`. null: nothing',
          ),
      })
      .nullable()
      .describe('The month that leaves the log next'),
    problem: z.string().nullable().describe('Why the last attempt to drop a month failed'),
  })
  .meta({ id: 'LogRetention' })

export type LegalHoldRead = z.infer<typeof legalHoldRead>
export type LogRetentionRead = z.infer<typeof logRetentionRead>
