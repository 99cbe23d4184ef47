/**
 * Access that is not used: who has it is told, and when it is not used after that either, it is removed. Every process
 * does it; locks on the grants, and on the requests that they belong to, keep it to once.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { InactivityPolicy } from '@keyhook/contract/api/last-used.ts'
import { sql } from 'kysely'
import { removeGrants } from '../access/grant-removal.ts'
import type { Moves } from '../access/request-moves.ts'
import type { Context } from '../context.ts'
import { appendEvents } from '../events/event-store.ts'
import { createTicker, inParallel, type Ticker } from '../lib/ticker.ts'
import { enqueueNotices } from '../notices/notice-orders.ts'
import { toldOfInactivity } from './inactivity-log.ts'

const everyMs = 1_000
const batch = 200
/** Removals are begun so many at a time, so that requests that wait for an answer are not starved. */
const atOnce = 4
const dayMs = 86_400_000

/** The last use, and before there was any, when the access was given. */
export const usedAt = sql<Date>`greatest(grants.last_used_at, grants.granted_at)`

export function createInactivity(ctx: Context, moves: Moves): Ticker {
  const { log, shutdown } = ctx
  const failed = 'access that is not used could not be looked for; it will be tried again'
  return createTicker({ log, shutdown, everyMs, failed }, async () => {
    await giveNotices(ctx)
    await removeUnused(ctx, moves)
  })
}

async function giveNotices(ctx: Context): Promise<void> {
  const apps = await ctx.db
    .selectFrom('apps')
    .select(['id', 'settings'])
    .where(sql<boolean>`settings ->> 'inactivity' is not null`)
    .orderBy('id')
    .execute()
  for (const { id, settings } of apps) {
    const { inactivity } = settings
    if (inactivity === null) continue
    let told = await tellSome(ctx, id, inactivity)
    while (told === batch && !ctx.shutdown.aborted) {
      await nextTurn()
      told = await tellSome(ctx, id, inactivity)
    }
  }
}

/** Tells those whose access to this app has not been used for the longest. How many were told. */
function tellSome(ctx: Context, appId: string, policy: NonNullable<InactivityPolicy>): Promise<number> {
  return ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    const unused = await tx
      .selectFrom('grants')
      .innerJoin('apps', 'apps.id', 'grants.app_id')
      .innerJoin('permissions', 'permissions.id', 'grants.permission_id')
      .selectAll('grants')
      .select(['apps.name as app', 'permissions.label as permission', usedAt.as('used_at')])
      .where('grants.app_id', '=', appId)
      .where('grants.status', '=', 'active')
      .where('grants.inactivity_notice_at', 'is', null)
      .where(usedAt, '<=', new Date(now - policy.after_days * dayMs))
      .orderBy(usedAt)
      .limit(batch)
      .forUpdate('grants')
      .skipLocked()
      .execute()
    if (unused.length === 0) return 0
    const removalAt = new Date(now + policy.notice_days * dayMs)
    await tx
      .updateTable('grants')
      .set({ inactivity_notice_at: new Date(now), inactivity_removal_at: removalAt })
      .where(
        'id',
        'in',
        unused.map(({ id }) => id),
      )
      .execute()
    await appendEvents(
      tx,
      now,
      unused.map((grant) => toldOfInactivity(grant, removalAt)),
    )
    await enqueueNotices(
      tx,
      now,
      unused.map((grant) => ({
        kind: 'access_inactive',
        to: grant.user_id,
        appId,
        requestId: grant.request_id,
        data: { app: grant.app, what: grant.permission, when: removalAt.toISOString(), link: '/my-access' },
      })),
    )
    return unused.length
  })
}

/** The longest overdue first. */
async function removeUnused(ctx: Context, moves: Moves): Promise<void> {
  for (;;) {
    const due = await ctx.db
      .selectFrom('grants')
      .select(['grants.id', 'grants.request_id', 'grants.permission_id', usedAt.as('used_at')])
      .where('grants.status', '=', 'active')
      .where('grants.inactivity_removal_at', '<=', new Date(ctx.clock()))
      .orderBy('grants.inactivity_removal_at')
      .limit(batch)
      .execute()
    let begun = 0
    await inParallel(due, atOnce, async ({ id, request_id, permission_id, used_at }) => {
      if (ctx.shutdown.aborted || !(await isStillDue(ctx, id))) return
      try {
        const removal = {
          requestId: request_id,
          permissionIds: [permission_id],
          reason: 'inactivity',
        } as const
        const text = `Not used since ${used_at.toISOString().slice(0, 10)}.`
        await removeGrants(moves, removal, { told: { text } })
        begun += 1
      } catch (error) {
        ctx.log.warn({ err: error, grant_id: id }, 'a removal could not be begun; it will be tried again')
      }
    })
    if (due.length < batch || begun === 0 || ctx.shutdown.aborted) return
  }
}

/** It may have been used since the list was read. */
async function isStillDue({ db }: Pick<Context, 'db'>, grantId: string): Promise<boolean> {
  const row = await db
    .selectFrom('grants')
    .select('id')
    .where('id', '=', grantId)
    .where('inactivity_removal_at', 'is not', null)
    .executeTakeFirst()
  return row !== undefined
}
