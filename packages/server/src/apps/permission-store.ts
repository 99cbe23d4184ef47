/** Permissions are made, changed and archived, each with its entry in the log. */
import type { PermissionChange, PermissionCreate } from '@keyhook/contract/api/app.ts'
import type { Kysely } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { changeOf } from '../events/change-of.ts'
import type { Actor, Target } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { IdempotencyKey } from '../http/idempotency.ts'
import { takeKey } from '../http/make-once.ts'
import { newId } from '../lib/ids.ts'
import { validationFailed } from '../lib/problem-error.ts'
import { changedMeanwhile } from './app-changes.ts'
import { requireUsablePermission } from './app-checks.ts'
import { appEvent } from './app-log.ts'
import { readPermission } from './app-read.ts'
import { type AppRow, defined, type PermissionRow } from './app-store.ts'

function permissionTarget({ id, label, value }: Pick<PermissionRow, 'id' | 'label' | 'value'>): Target {
  return { type: 'PERMISSION', data: { id, label, value } }
}

/** The permission of an app unless it was archived. */
export async function findPermission(
  db: Kysely<Tables>,
  appId: string,
  id: string,
): Promise<PermissionRow | null> {
  const row = await db
    .selectFrom('permissions')
    .selectAll()
    .where('id', '=', id)
    .where('app_id', '=', appId)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** Throws 422. */
export async function createPermission(
  ctx: Context,
  app: AppRow,
  wanted: PermissionCreate,
  { actor, key }: { actor: Actor; key: IdempotencyKey | null },
): Promise<PermissionRow> {
  await requireUsablePermission(ctx.db, wanted, null)
  const now = ctx.clock()
  const { label, value = label, source, description, approvers, webhooks } = wanted
  return uniqueLabel(() =>
    ctx.db.transaction().execute(async (tx) => {
      const row = await tx
        .insertInto('permissions')
        .values({
          id: newId('perm', now),
          app_id: app.id,
          ...{ label, value, source, description },
          approvers: JSON.stringify(approvers),
          webhooks: JSON.stringify(webhooks),
          created_at: new Date(now),
          updated_at: new Date(now),
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      const told = { after: { ...wanted, value } }
      await appendEvents(tx, now, [
        appEvent('ADMIN_CREATED_PERMISSION', app, actor, told, [permissionTarget(row)]),
      ])
      await takeKey(ctx, tx, key, row)
      return row
    }),
  )
}

/** Throws 422, and 412 when somebody else was faster. */
export async function changePermission(
  ctx: Context,
  app: AppRow,
  permission: PermissionRow,
  change: PermissionChange,
  actor: Actor,
): Promise<PermissionRow> {
  await requireUsablePermission(ctx.db, change, permission.approvers)
  const now = ctx.clock()
  const { webhooks, approvers, ...plain } = change
  return uniqueLabel(() =>
    ctx.db.transaction().execute(async (tx) => {
      const row = await tx
        .updateTable('permissions')
        .set({
          ...(defined(plain) as Partial<typeof plain>),
          ...(approvers === undefined ? {} : { approvers: JSON.stringify(approvers) }),
          ...(webhooks === undefined
            ? {}
            : { webhooks: JSON.stringify({ ...permission.webhooks, ...defined(webhooks) }) }),
          version: permission.version + 1,
          updated_at: new Date(now),
        })
        .where('id', '=', permission.id)
        .where('version', '=', permission.version)
        .where('archived_at', 'is', null)
        .returningAll()
        .executeTakeFirst()
      if (!row) throw changedMeanwhile()
      const { updated_at: _, ...before } = readPermission(permission)
      const { updated_at: __, ...after } = readPermission(row)
      const changes = changeOf(before, after)
      if (changes)
        await appendEvents(tx, now, [
          appEvent('ADMIN_UPDATED_PERMISSION', app, actor, changes, [permissionTarget(row)]),
        ])
      return row
    }),
  )
}

/** Nobody can ask for it any more; who has it keeps it as long as it lasts. */
export async function archivePermission(
  ctx: Context,
  app: AppRow,
  permission: PermissionRow,
  actor: Actor,
): Promise<void> {
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('permissions')
      .set({ archived_at: new Date(now), version: permission.version + 1, updated_at: new Date(now) })
      .where('id', '=', permission.id)
      .where('version', '=', permission.version)
      .where('archived_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw changedMeanwhile()
    await appendEvents(tx, now, [
      appEvent('ADMIN_ARCHIVED_PERMISSION', app, actor, {}, [permissionTarget(permission)]),
    ])
  })
}

async function uniqueLabel<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') throw error
    throw validationFailed([
      { pointer: '/label', detail: 'The app has a permission with this label already.' },
    ])
  }
}
