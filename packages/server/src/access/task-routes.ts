import { emptyBody } from '@keyhook/contract/api/list.ts'
import { taskComplete, taskListQuery, taskPage, taskRead } from '@keyhook/contract/api/task.ts'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { callerOf, mayAdminister } from '../apps/caller.ts'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, ProblemError } from '../lib/problem-error.ts'
import type { Access } from './access.ts'
import type { RequestEvent } from './request-state.ts'
import type { TaskRow } from './request-store.ts'
import { listTasks } from './task-list.ts'
import { isAssigned, readTask, readTasks } from './task-read.ts'
import type { Completion } from './task-store.ts'

const tags = ['Tasks']
const params = z.object({ id: z.string().max(100) })

/** Work for people: the inbox, and doing it. Approvals are decided at their request. */
export function taskRoutes(ctx: Context, { moves }: Access): FastifyPluginAsyncZod {
  async function seen(request: FastifyRequest, id: string) {
    const caller = await callerOf(ctx, principalOf(request))
    const row = await ctx.db.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw notFound('task')
    const assignees = await ctx.db
      .selectFrom('task_assignees')
      .selectAll()
      .where('task_id', '=', id)
      .execute()
    const visible =
      mayAdminister(caller, row.app_id) ||
      assignees.some(({ principal_id }) => caller.principalIds.includes(principal_id))
    if (!visible) throw notFound('task')
    return { caller, row, does: mayAdminister(caller, row.app_id) || isAssigned(caller, assignees) }
  }

  /** Moves the request of a task of work by hand, and answers with the task. */
  async function work(
    request: FastifyRequest,
    id: string,
    event: (row: TaskRow) => RequestEvent,
    completion: Omit<Completion, 'by'>,
  ) {
    const { caller, row, does } = await seen(request, id)
    if (!does) throw notFound('task')
    if (row.kind === 'approval')
      throw new ProblemError(
        'request_state_conflict',
        'An approval is decided at its request: approve or deny it.',
      )
    if (row.status !== 'open')
      throw new ProblemError('request_state_conflict', `The task is ${row.status} already.`, {
        state: { status: row.status, allowed: [] },
      })
    await moves.move(row.request_id, () => event(row), {
      actor: actorOf(caller.principal),
      told: { message: completion.comment },
      completion: { ...completion, by: caller.userId ?? caller.principal.name },
    })
    const after = await ctx.db.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    return readTask(ctx, caller, after)
  }

  return async (app) => {
    app.get(
      '/tasks',
      {
        schema: {
          operationId: 'listTasks',
          summary: 'List tasks, the newest first',
          tags,
          querystring: taskListQuery,
          response: { 200: taskPage, ...problems('validation_failed') },
        },
      },
      async (request) => {
        const caller = await callerOf(ctx, principalOf(request))
        const { limit, cursor, assigned, status, kind, app_id } = request.query
        const rows = await listTasks(ctx, caller, {
          assigned,
          status,
          kind,
          appId: app_id,
          after: decodeCursor(cursor),
          limit,
        })
        const data = await readTasks(ctx, caller, rows.slice(0, limit))
        return { ...toPage(rows, limit, () => null), data }
      },
    )

    app.get(
      '/tasks/:id',
      {
        schema: {
          operationId: 'getTask',
          summary: 'Read a task',
          tags,
          params,
          response: { 200: taskRead, ...problems('not_found') },
        },
      },
      async (request) => {
        const { caller, row } = await seen(request, request.params.id)
        return readTask(ctx, caller, row)
      },
    )

    app.post(
      '/tasks/:id/complete',
      {
        schema: {
          operationId: 'completeTask',
          summary: 'Say that work by hand is done, or could not be done',
          tags,
          params,
          body: taskComplete,
          response: {
            200: taskRead,
            ...problems('invalid_json', 'not_found', 'request_state_conflict', 'validation_failed'),
          },
        },
      },
      (request) => {
        const { outcome = 'done', comment = null } = request.body ?? {}
        return work(
          request,
          request.params.id,
          ({ kind, permission_ids }) => ({
            type: kind === 'confirm_provisioning' ? 'provisioning_confirmed' : 'removal_confirmed',
            permissionIds: permission_ids,
            done: outcome === 'done',
          }),
          { status: outcome, comment },
        )
      },
    )

    app.post(
      '/tasks/:id/send-again',
      {
        schema: {
          operationId: 'sendTaskAgain',
          summary: 'Ask the webhook again instead of doing it by hand',
          description: 'A new delivery. The receiver may have acted on the one before.',
          tags,
          params,
          body: emptyBody,
          response: {
            200: taskRead,
            ...problems('invalid_json', 'not_found', 'request_state_conflict', 'validation_failed'),
          },
        },
      },
      (request) =>
        work(
          request,
          request.params.id,
          ({ permission_ids }) => ({ type: 'sent_again', permissionIds: permission_ids }),
          { status: 'closed', comment: null },
        ),
    )
  }
}
