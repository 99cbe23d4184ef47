import { z } from 'zod'
import { taskKinds, taskStatuses } from '../access-words.ts'
import { failureReasons } from '../outcome.ts'
import { personRead, principalRef } from './access-parts.ts'
import { pageOf, pageQuery, timestamp } from './list.ts'
import { paragraph } from './text.ts'

/** Work for a person. */
export const taskRead = z
  .object({
    id: z.string(),
    kind: z.enum(taskKinds),
    status: z.enum(taskStatuses),
    access_request_id: z.string(),
    grant_id: z.string().nullable(),
    app: z.object({ id: z.string(), name: z.string(), icon: z.string().nullable() }),
    permissions: z.array(z.object({ id: z.string(), label: z.string(), value: z.string() })),
    requester: personRead,
    target_user: personRead,
    business_justification: z.string(),
    access_length_seconds: z.number().nullable(),
    assignees: z.array(principalRef),
    fallback: z
      .string()
      .nullable()
      .describe('Why it went to somebody else than the chain says, in a sentence; null when it did not'),
    step: z.object({ number: z.number(), of: z.number() }).nullable().describe('Of the approval chain'),
    reason: z
      .object({
        kind: z.enum(['no_webhook', 'skipped', 'answered_false', 'failed', 'not_confirmed']),
        failure_reason: z.enum(failureReasons).nullable(),
        message: z.string().nullable().describe("The receiver's message, as plain text"),
      })
      .nullable()
      .describe('Why a person must do it; null for approvals'),
    delivery: z
      .object({
        id: z.string(),
        status: z.string(),
        decision: z.boolean().nullable(),
        late_success: z.boolean().describe('It succeeded after this task was opened'),
      })
      .nullable(),
    payload: z.unknown().describe('What was or would have been sent; null for approvals'),
    allowed: z.array(z.enum(['approve', 'deny', 'done', 'not_done', 'send_again'])),
    created_at: timestamp,
    completed_at: timestamp.nullable(),
    completed_by: z.string().nullable().describe('Name'),
    comment: z.string().nullable(),
  })
  .meta({ id: 'Task' })

export const taskPage = pageOf(taskRead)
export const taskListQuery = z.strictObject({
  ...pageQuery,
  assigned: z
    .enum(['me', 'any'])
    .default('me')
    .describe('`me`: for the caller, also by their groups; `any`: all that the caller may see'),
  status: z.enum(taskStatuses).default('open'),
  kind: z.enum(taskKinds).optional(),
  app_id: z.string().max(100).optional(),
})

export const taskComplete = z
  .strictObject({
    outcome: z.enum(['done', 'not_done']).default('done').describe('`not_done`: it could not be done'),
    comment: paragraph(2_000).nullable().default(null),
  })
  .nullish()
  .meta({ id: 'TaskComplete' })

export type TaskRead = z.infer<typeof taskRead>
