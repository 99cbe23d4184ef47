import { z } from 'zod'
import { idOf } from './access-parts.ts'
import { timestamp } from './list.ts'

const day = z.number().int().min(1).max(3_650)

/** What an app does with access that is not used; a setting of the app. */
export const inactivityPolicy = z
  .strictObject({
    after_days: day.describe('Without use for so many days, the person is told'),
    notice_days: day.describe('So many days after that it is removed, unless it was used'),
  })
  .nullable()
  .meta({ id: 'InactivityPolicy' })

/** One grant, by its id or by who has what. */
export const use = z
  .strictObject({
    grant_id: idOf('grt').optional(),
    user_email: z.string().min(1).max(254).optional(),
    app: z.string().min(1).max(100).optional().describe('Id, `app_id` or `instance_id` of the app'),
    permission: z.string().min(1).max(500).optional().describe('Id, value or label of the permission'),
    last_used_at: timestamp,
  })
  .superRefine((one, issues) => {
    const named = [one.user_email, one.app, one.permission]
    const add = (message: string) => issues.addIssue({ code: 'custom', message })
    if (one.grant_id === undefined && named.includes(undefined))
      add('Give grant_id, or user_email, app and permission')
    if (one.grant_id !== undefined && named.some((member) => member !== undefined))
      add('Give either grant_id, or user_email, app and permission')
  })
  .meta({ id: 'Use' })

export const mostUses = 1_000

const ignoreUnknown = z
  .boolean()
  .default(false)
  .describe('Pass over what is about nobody or nothing here, instead of refusing all')

/** What `POST /grants/last-used` takes: all of it is stored, or nothing. */
export const lastUsedReport = z
  .strictObject({ uses: z.array(use).min(1).max(mostUses), ignore_unknown: ignoreUnknown })
  .meta({ id: 'LastUsedReport' })

const counts = {
  updated: z.number().int().describe('Access with a later use than was known'),
  unchanged: z.number().int().describe('Access whose known use is as late'),
  ignored: z.number().int().describe('Passed over because of `ignore_unknown`'),
  notices_cancelled: z.number().int().describe('Access that is not to be removed any more'),
}

export const lastUsedResult = z.object(counts).meta({ id: 'LastUsedResult' })

/** What `POST /grants/last-used/import` takes: a CSV file with a row for each use. */
export const lastUsedImport = z
  .strictObject({
    csv: z
      .string()
      .min(1)
      .max(20_000_000)
      .describe('With a header: grant_id, or user_email, app, permission; and last_used_at'),
    dry_run: z.boolean().default(false).describe('Only say what would happen'),
    ignore_unknown: ignoreUnknown,
  })
  .meta({ id: 'LastUsedImport' })

export const lastUsedImportResult = z
  .object({
    dry_run: z.boolean(),
    rows: z.number().int(),
    ...counts,
    errors: z
      .array(z.object({ row: z.number().int().describe('Line of the file'), detail: z.string() }))
      .describe('The first 100; with any of them nothing is stored'),
    error_count: z.number().int(),
  })
  .meta({ id: 'LastUsedImportResult' })

export type InactivityPolicy = z.infer<typeof inactivityPolicy>
export type LastUse = z.infer<typeof use>
export type LastUsedResult = z.infer<typeof lastUsedResult>
export type LastUsedImportResult = z.infer<typeof lastUsedImportResult>
