/**
 * Carries out offboardings. What there is to do is read from how things are: open requests for the user are cancelled,
 * access is removed. So nothing is lost or done twice, whenever a process dies, and what comes later is found as well.
 */
import { removeGrants } from '../access/grant-removal.ts'
import type { Moves } from '../access/request-moves.ts'
import type { Context } from '../context.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { inParallel } from '../lib/ticker.ts'
import { finishSome } from './offboarding-finish.ts'
import { isRunning } from './offboarding-store.ts'

const batch = 200
/** Of all offboardings together, so that requests that wait for an answer are not starved. */
const atOnce = 8

/** Statuses in which the machine lets a request be cancelled. */
const cancellable = ['validating', 'pre_approving', 'awaiting_approval', 'awaiting_confirmation'] as const

export async function carryOutOffboardings(ctx: Context, moves: Moves): Promise<void> {
  await repeatedly(ctx, () => cancelSome(ctx, moves))
  await repeatedly(ctx, () => removeSome(ctx, moves))
  await repeatedly(ctx, () => finishSome(ctx, batch))
}

/** `some` says how many it did of as many as fit into one step. */
async function repeatedly(
  { shutdown }: Context,
  some: () => Promise<{ found: number; done: number }>,
): Promise<void> {
  for (;;) {
    const { found, done } = await some()
    if (found < batch || done === 0 || shutdown.aborted) return
  }
}

/** For each offboarding looks into the indexes of its user, however much access everybody else has. */
async function cancelSome(ctx: Context, moves: Moves) {
  const open = await ctx.db
    .selectFrom('offboardings')
    .innerJoinLateral(
      (lateral) =>
        lateral
          .selectFrom('open_requests')
          .innerJoin('access_requests', 'access_requests.id', 'open_requests.request_id')
          .select('open_requests.request_id')
          .distinct()
          .whereRef('open_requests.target_user_id', '=', 'offboardings.user_id')
          .where('access_requests.status', 'in', cancellable)
          .limit(batch)
          .as('open'),
      (join) => join.onTrue(),
    )
    .select(['offboardings.id', 'open.request_id'])
    .where('offboardings.status', '=', 'running')
    .limit(batch)
    .execute()
  const cancel = (requestId: string) =>
    moves.move(
      requestId,
      ({ status }) =>
        (cancellable as readonly string[]).includes(status)
          ? { type: 'cancelled', reason: 'offboarding' }
          : null,
      { told: { text: 'The person was deactivated.' } },
    )
  return { found: open.length, done: await each(ctx, open, ({ request_id }) => cancel(request_id)) }
}

async function removeSome(ctx: Context, moves: Moves) {
  const held = await ctx.db
    .selectFrom('offboardings')
    .innerJoinLateral(
      (lateral) =>
        lateral
          .selectFrom('grants')
          .select(['grants.request_id', 'grants.permission_id'])
          .whereRef('grants.user_id', '=', 'offboardings.user_id')
          .where('grants.status', '=', 'active')
          .limit(batch)
          .as('held'),
      (join) => join.onTrue(),
    )
    .select(['offboardings.id', 'held.request_id', 'held.permission_id'])
    .where('offboardings.status', '=', 'running')
    .limit(batch)
    .execute()
  const requests = [...Map.groupBy(held, ({ request_id }) => request_id)].map(([requestId, grants]) => ({
    id: grants[0]?.id ?? '',
    removal: {
      requestId,
      permissionIds: grants.map(({ permission_id }) => permission_id),
      reason: 'offboarding' as const,
    },
  }))
  const done = await each(ctx, requests, ({ removal }) =>
    removeGrants(moves, removal, { told: { text: 'The person was deactivated.' } }),
  )
  return { found: held.length, done }
}

/** How many could be done; the others are tried again with the next look. */
async function each<Part extends { id: string }>(
  ctx: Context,
  parts: readonly Part[],
  work: (part: Part) => Promise<unknown>,
): Promise<number> {
  let done = 0
  await inParallel(parts, atOnce, async (part) => {
    // Who is activated again in the middle keeps what is left.
    if (ctx.shutdown.aborted || !(await isRunning(ctx.db, part.id))) return
    try {
      await work(part)
      done += 1
    } catch (error) {
      // It moved on by itself in between.
      if (error instanceof ProblemError && error.code === 'request_state_conflict') return
      ctx.log.warn(
        { err: error, offboarding_id: part.id },
        'a part of an offboarding failed; it is tried again',
      )
    }
  })
  return done
}
