import { z } from 'zod'
import { idOf } from './access-parts.ts'
import { timestamp } from './list.ts'
import { importError } from './user-import.ts'

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

/** `POST /grants/last-used/import` takes a file in CSV (`text/csv`) as its body, with a row for each use. */
export const lastUsedImportQuery = z.strictObject({
  dry_run: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true`: say what would happen, change nothing'),
  ignore_unknown: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true`: pass over what is about nobody or nothing here, instead of refusing all'),
})

export const lastUsedImportResult = z
  .object({
    dry_run: z.boolean(),
    rows: z.number().int().describe('Rows with a use, without the first row and empty ones'),
    ...counts,
    wrong: z.number().int().describe('Rows with an error; with any, nothing is stored'),
    errors: z.array(importError).describe('In the order of the rows, at most 1,000'),
  })
  .meta({ id: 'LastUsedImportResult' })

export type InactivityPolicy = z.infer<typeof inactivityPolicy>
export type LastUse = z.infer<typeof use>
export type LastUsedResult = z.infer<typeof lastUsedResult>
export type LastUsedImportResult = z.infer<typeof lastUsedImportResult>
