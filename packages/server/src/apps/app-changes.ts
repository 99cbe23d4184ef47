/** Apps are made, changed and archived, each with its entry in the log. */
import type { AppChange, AppCreate, AppRead } from '@keyhook/contract/api/app.ts'
import type { Context } from '../context.ts'
import { changeOf } from '../events/change-of.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { IdempotencyKey } from '../http/idempotency.ts'
import { takeKey } from '../http/make-once.ts'
import { ProblemError, validationFailed } from '../lib/problem-error.ts'
import { requireUsable } from './app-checks.ts'
import { appEvent } from './app-log.ts'
import { readApps } from './app-read.ts'
import { type AppRow, insertApp, updateApp } from './app-store.ts'

/** Throws 422. */
export async function createApp(
  ctx: Context,
  wanted: AppCreate,
  actor: Actor,
  key: IdempotencyKey | null,
): Promise<AppRow> {
  await requireUsable(ctx.db, wanted, null)
  const now = ctx.clock()
  return uniqueInstance(() =>
    ctx.db.transaction().execute(async (tx) => {
      const row = await insertApp(tx, now, wanted)
      await appendEvents(tx, now, [appEvent('ADMIN_CREATED_APP', row, actor, { after: { ...wanted } })])
      await takeKey(ctx, tx, key, row)
      return row
    }),
  )
}

/** Throws 422, and 412 when somebody else was faster. */
export async function changeApp(ctx: Context, app: AppRow, change: AppChange, actor: Actor): Promise<AppRow> {
  const [before] = await readApps(ctx.db, [app])
  await requireUsable(ctx.db, change, before ?? null)
  const now = ctx.clock()
  return uniqueInstance(() =>
    ctx.db.transaction().execute(async (tx) => {
      const row = await updateApp(tx, now, app, change)
      if (!row) throw changedMeanwhile()
      const [after] = await readApps(tx, [row])
      const { admins: admitted, ...others } = change
      const of = (read: AppRead | undefined, names: string[]) =>
        Object.fromEntries(names.map((name) => [name, read?.[name as keyof AppRead]]))
      const changes = changeOf(of(before, Object.keys(others)), of(after, Object.keys(others)))
      const admins = admitted ? changeOf(of(before, ['admins']), of(after, ['admins'])) : null
      await appendEvents(tx, now, [
        ...(changes ? [appEvent('ADMIN_UPDATED_APP', row, actor, changes)] : []),
        ...(admins ? [appEvent('ADMIN_UPDATED_APP_ADMINS', row, actor, admins)] : []),
      ])
      return row
    }),
  )
}

/**
 * Takes an app out of the catalogue. Access that people have through it stays, and ends as it would have. Throws 412 when
 * somebody else was faster.
 */
export async function archiveApp(ctx: Context, app: AppRow, actor: Actor): Promise<void> {
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('apps')
      .set({ archived_at: new Date(now), version: app.version + 1, updated_at: new Date(now) })
      .where('id', '=', app.id)
      .where('version', '=', app.version)
      .where('archived_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw changedMeanwhile()
    await appendEvents(tx, now, [appEvent('ADMIN_ARCHIVED_APP', app, actor, {})])
  })
}

export function changedMeanwhile(): ProblemError {
  return new ProblemError('precondition_failed', 'Read it again and repeat the change if it is still wanted.')
}

/** An installation of an app has one name. */
async function uniqueInstance<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') throw error
    throw validationFailed([
      { pointer: '/instance_id', detail: 'Another app has this instance_id: each installation has its own.' },
    ])
  }
}
