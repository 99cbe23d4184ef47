/** Channels of teams, each change with its entry in the log, never with the address. */
import type {
  NoticeChannelChange,
  NoticeChannelCreate,
  NoticeChannelRead,
} from '@keyhook/contract/api/notice.ts'
import type { Selectable } from 'kysely'
import type { Context } from '../context.ts'
import type { NoticeChannelTable } from '../db/notice-schema.ts'
import type { Actor, NewEvent } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { EventType } from '../events/event-types.ts'
import type { IdempotencyKey } from '../http/idempotency.ts'
import { takeKey } from '../http/make-once.ts'
import { newId } from '../lib/ids.ts'
import { ProblemError, validationFailed } from '../lib/problem-error.ts'
import { requireChatUrl } from './chat-sender.ts'
import { channelUrlPlace } from './notice-secrets.ts'

export type ChannelRow = Selectable<NoticeChannelTable>

export async function findChannel({ db }: Pick<Context, 'db'>, id: string): Promise<ChannelRow | null> {
  return (await db.selectFrom('notice_channels').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export function readChannel(row: ChannelRow): NoticeChannelRead {
  const { id, name, kind, host, app_ids, kinds, enabled } = row
  return {
    ...{ id, name, kind, host, app_ids, kinds, enabled },
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

/** Throws 422. */
export async function createChannel(
  ctx: Context,
  { url, app_ids, kinds, ...plain }: NoticeChannelCreate,
  { actor, key }: { actor: Actor; key: IdempotencyKey | null },
): Promise<ChannelRow> {
  const host = await requireChatUrl(ctx, url, '/url')
  await requireApps(ctx, app_ids)
  const now = ctx.clock()
  const id = newId('nch', now)
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .insertInto('notice_channels')
      .values({
        id,
        ...plain,
        host,
        sealed_url: ctx.secretBox.seal(channelUrlPlace(id), Buffer.from(url)),
        app_ids: JSON.stringify(app_ids),
        kinds: JSON.stringify(kinds),
        version: 1,
        created_at: new Date(now),
        updated_at: new Date(now),
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await appendEvents(tx, now, [told('ADMIN_CREATED_NOTICE_CHANNEL', row, actor)])
    await takeKey(ctx, tx, key, row)
    return row
  })
}

/** Throws 422, and 412 when somebody else was faster. */
export async function changeChannel(
  ctx: Context,
  before: ChannelRow,
  { url, app_ids, kinds, ...plain }: NoticeChannelChange,
  actor: Actor,
): Promise<ChannelRow> {
  const host = url === undefined ? before.host : await requireChatUrl(ctx, url, '/url')
  await requireApps(ctx, app_ids ?? null)
  const now = ctx.clock()
  const { name = before.name, kind = before.kind, enabled = before.enabled } = plain
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('notice_channels')
      .set({
        ...{ name, kind, enabled, host },
        ...(url === undefined
          ? {}
          : { sealed_url: ctx.secretBox.seal(channelUrlPlace(before.id), Buffer.from(url)) }),
        ...(app_ids === undefined ? {} : { app_ids: JSON.stringify(app_ids) }),
        ...(kinds === undefined ? {} : { kinds: JSON.stringify(kinds) }),
        version: before.version + 1,
        updated_at: new Date(now),
      })
      .where('id', '=', before.id)
      .where('version', '=', before.version)
      .returningAll()
      .executeTakeFirst()
    if (!row)
      throw new ProblemError(
        'precondition_failed',
        'Read it again and repeat the change if it is still wanted.',
      )
    await appendEvents(tx, now, [told('ADMIN_UPDATED_NOTICE_CHANNEL', row, actor, before)])
    return row
  })
}

export async function deleteChannel(ctx: Context, row: ChannelRow, actor: Actor): Promise<void> {
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('notice_channels').where('id', '=', row.id).execute()
    await appendEvents(tx, now, [told('ADMIN_DELETED_NOTICE_CHANNEL', row, actor)])
  })
}

function told(type: EventType, row: ChannelRow, actor: Actor, before?: ChannelRow): NewEvent {
  const facts = ({ name, kind, host, app_ids, kinds, enabled }: ChannelRow) =>
    ({ name, kind, host, app_ids, kinds, enabled }) as Record<string, unknown>
  return {
    type,
    actor,
    targets: [{ type: 'NOTICE_CHANNEL', data: { id: row.id, name: row.name } }],
    metadata: { ...(before && { before: facts(before) }), after: facts(row) },
  }
}

async function requireApps({ db }: Pick<Context, 'db'>, ids: readonly string[] | null): Promise<void> {
  if (ids === null || ids.length === 0) return
  const rows = await db
    .selectFrom('apps')
    .select('id')
    .where('id', 'in', [...ids])
    .execute()
  const known = new Set(rows.map(({ id }) => id))
  const errors = ids.flatMap((id, index) =>
    known.has(id) ? [] : [{ pointer: `/app_ids/${index}`, detail: 'There is no such app.' }],
  )
  if (errors.length > 0) throw validationFailed(errors)
}
