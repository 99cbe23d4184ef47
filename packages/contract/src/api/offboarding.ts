import { z } from 'zod'
import { offboardingStatuses, offboardingTodoKinds } from '../access-words.ts'
import { personRead } from './access-parts.ts'
import { grantRead } from './grant.ts'
import { pageOf, pageQuery, timestamp } from './list.ts'

const summary = {
  id: z.string(),
  user: personRead,
  status: z.enum(offboardingStatuses),
  started_at: timestamp,
  started_by: z.string().describe('Name of who deactivated the user'),
  finished_at: timestamp.nullable().describe('When all access had ended, or it was stopped'),
  progress: z.object({
    total: z.number().int().describe('Access that the user had when it began'),
    ended: z.number().int(),
    removing: z.number().int().describe('Waiting for a webhook'),
    by_hand: z.number().int().describe('Waiting for a person'),
  }),
}

export const offboardingSummary = z.object(summary).meta({ id: 'OffboardingSummary' })

const ref = z.object({ id: z.string(), name: z.string() })

/** Something a person must do or look at; which ids are there depends on `kind`. */
export const offboardingTodo = z
  .object({
    kind: z.enum(offboardingTodoKinds),
    text: z.string().describe('In a sentence'),
    must: z.boolean().describe('false: worth a look, but nothing waits for it'),
    task_id: z.string().nullable(),
    app_id: z.string().nullable(),
    user_id: z.string().nullable(),
    group_id: z.string().nullable(),
    access_request_id: z.string().nullable(),
  })
  .meta({ id: 'OffboardingTodo' })

export const offboardingRead = z
  .object({
    ...summary,
    grants: z
      .array(
        grantRead.extend({
          open_task_id: z.string().nullable().describe('The task to remove it by hand, while it is open'),
        }),
      )
      .describe('Those that have not ended first, at most 500'),
    cancelled_requests: z
      .array(z.object({ id: z.string(), app: ref }))
      .describe('Requests for the user that were cancelled since it began, at most 100'),
    todo: z.array(offboardingTodo).describe('As things are now, at most 500'),
  })
  .meta({ id: 'Offboarding' })

export const offboardingPage = pageOf(offboardingSummary)
export const offboardingListQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(offboardingStatuses).optional(),
  user_id: z.string().max(100).optional(),
})

export type OffboardingSummary = z.infer<typeof offboardingSummary>
export type OffboardingRead = z.infer<typeof offboardingRead>
export type OffboardingTodo = z.infer<typeof offboardingTodo>
