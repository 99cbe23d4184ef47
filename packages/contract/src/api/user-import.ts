import { z } from 'zod'

export const importQuery = z.strictObject({
  dry_run: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true`: say what would happen, change nothing'),
})

/** A cell, or a whole row, that cannot be taken. */
export const importError = z
  .object({
    row: z.number().int().describe('As a spreadsheet counts: the names of the columns are row 1'),
    column: z.string().nullable().describe('null: the row as a whole'),
    detail: z.string().describe('What is wrong, and what would be right'),
  })
  .meta({ id: 'ImportError' })

/** What an import did or, with `dry_run`, would do. */
export const importReport = z
  .object({
    dry_run: z.boolean(),
    rows: z.number().int().describe('Rows with a user, without the first row and empty ones'),
    create: z.number().int().describe('New users'),
    change: z.number().int().describe('Users that change, their groups included'),
    unchanged: z.number().int(),
    wrong: z.number().int().describe('Rows with an error; with any, nothing is imported'),
    deactivate: z.number().int().describe('Users that become inactive, counted in change too'),
    reactivate: z.number().int().describe('Users that become active again, counted in change too'),
    groups: z.array(z.string()).describe('Names of groups that are new, at most 100'),
    memberships_added: z.number().int(),
    memberships_removed: z.number().int(),
    errors: z.array(importError).describe('In the order of the rows, at most 1,000'),
  })
  .meta({ id: 'ImportReport' })

export type ImportError = z.infer<typeof importError>
export type ImportReport = z.infer<typeof importReport>
