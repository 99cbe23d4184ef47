/** What time brings to requests and grants. Every process does it; the lock on each request keeps it to once. */

import { administrators } from '../apps/administrators.ts'
import { adminsOf } from '../apps/app-store.ts'
import type { Context } from '../context.ts'
import { removeGrants } from './grant-removal.ts'
import type { Moves } from './request-moves.ts'

const everyMs = 1_000
/** Requests whose grants end are moved so many at a time, so that those who wait for an answer are not starved. */
const atOnce = 4
const batch = 200

export function startClock(ctx: Context, moves: Moves): () => void {
  let busy = false
  const timer = setInterval(() => {
    if (busy || ctx.shutdown.aborted) return
    busy = true
    tick(ctx, moves)
      .catch((error: unknown) =>
        ctx.log.warn({ err: error }, 'what is due could not be done; it will be tried again'),
      )
      .finally(() => {
        busy = false
      })
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

async function tick(ctx: Context, moves: Moves): Promise<void> {
  await endExpired(ctx, moves)
  await escalate(ctx, moves)
}

/** The longest overdue first, also those that became due while no server ran. */
async function endExpired(ctx: Context, moves: Moves): Promise<void> {
  for (;;) {
    const due = await ctx.db
      .selectFrom('grants')
      .select(['id', 'request_id', 'permission_id'])
      .where('status', '=', 'active')
      .where('expires_at', '<=', new Date(ctx.clock()))
      .orderBy('expires_at')
      .limit(batch)
      .execute()
    if (due.length === 0 || ctx.shutdown.aborted) return
    const requests = new Map<string, string[]>()
    for (const { request_id, permission_id } of due)
      requests.set(request_id, [...(requests.get(request_id) ?? []), permission_id])
    const waiting = [...requests]
    const work = async () => {
      for (let next = waiting.shift(); next && !ctx.shutdown.aborted; next = waiting.shift())
        await removeGrants(moves, { requestId: next[0], permissionIds: next[1], reason: 'expired' })
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    if (due.length < batch) return
  }
}

/** What approvers did not decide in time the app admins may decide too. */
async function escalate(ctx: Context, moves: Moves): Promise<void> {
  const late = await ctx.db
    .selectFrom('access_requests')
    .select(['id', 'app_id'])
    .where('escalate_at', '<=', new Date(ctx.clock()))
    .orderBy('escalate_at')
    .limit(batch)
    .execute()
  for (const { id, app_id } of late) {
    const admins = await adminsOf(ctx.db, app_id)
    const to = admins.length > 0 ? [app_id] : [administrators]
    await moves.move(id, ({ status, state, escalate_at }) => {
      const waits = status === 'awaiting_approval' && escalate_at !== null
      return waits && state.steps?.[state.step]?.escalatedTo.length === 0 ? { type: 'escalated', to } : null
    })
  }
}
