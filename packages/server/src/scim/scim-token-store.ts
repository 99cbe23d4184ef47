import { type Selectable, sql } from 'kysely'
import type { Context } from '../context.ts'
import type { ScimTokenTable } from '../db/directory-schema.ts'
import type { Actor, Target } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { EventType } from '../events/event-types.ts'
import type { IdempotencyKey } from '../http/idempotency.ts'
import { takeKey } from '../http/make-once.ts'
import { newId } from '../lib/ids.ts'
import { hashOfToken, hintOfToken } from './scim-token.ts'

export type ScimTokenRow = Selectable<ScimTokenTable>
type Store = Pick<Context, 'db' | 'clock'>

const stampEveryMs = 60_000

/** Stores a token by its hash. `createdBy`: the name of who made it. */
export async function insertScimToken(
  ctx: Store & Pick<Context, 'secretBox'>,
  { token, name, createdBy }: { token: string; name: string; createdBy: string },
  actor: Actor,
  key: IdempotencyKey | null,
): Promise<ScimTokenRow> {
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .insertInto('scim_tokens')
      .values({
        id: newId('sct', now),
        name,
        hint: hintOfToken(token),
        hash: hashOfToken(token),
        created_by: createdBy,
        created_at: new Date(now),
        last_used_at: null,
        revoked_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await appendEvents(tx, now, [tokenEvent('DIRECTORY_CREATED_SCIM_TOKEN', row, actor)])
    await takeKey(ctx, tx, key, { id: row.id, secret: token })
    return row
  })
}

/** Tokens that work, the newest first. */
export function listScimTokens({ db }: Pick<Context, 'db'>): Promise<ScimTokenRow[]> {
  return db
    .selectFrom('scim_tokens')
    .selectAll()
    .where('revoked_at', 'is', null)
    .orderBy('id', 'desc')
    .execute()
}

/** False when there is no such token that works. */
export async function revokeScimToken({ db, clock }: Store, id: string, actor: Actor): Promise<boolean> {
  const now = clock()
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('scim_tokens')
      .set({ revoked_at: new Date(now) })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!row) return false
    await appendEvents(tx, now, [tokenEvent('DIRECTORY_REVOKED_SCIM_TOKEN', row, actor)])
    return true
  })
}

/** The token of this id unless it was revoked. */
export async function findScimTokenById(
  { db }: Pick<Context, 'db'>,
  id: string,
): Promise<ScimTokenRow | null> {
  const query = db.selectFrom('scim_tokens').selectAll().where('id', '=', id).where('revoked_at', 'is', null)
  return (await query.executeTakeFirst()) ?? null
}

/** The token of this hash unless it was revoked. Always read: who is revoked is out at once, in every process. */
export async function findScimToken(
  ctx: Pick<Context, 'db'>,
  hash: Uint8Array,
): Promise<ScimTokenRow | null> {
  return (await ofHash(ctx, hash).where('revoked_at', 'is', null).executeTakeFirst()) ?? null
}

/** The token of this hash that was revoked. */
export async function findRevokedToken(
  ctx: Pick<Context, 'db'>,
  hash: Uint8Array,
): Promise<ScimTokenRow | null> {
  return (await ofHash(ctx, hash).where('revoked_at', 'is not', null).executeTakeFirst()) ?? null
}

function ofHash({ db }: Pick<Context, 'db'>, hash: Uint8Array) {
  return db.selectFrom('scim_tokens').selectAll().where('hash', '=', hash)
}

/** Notes the use of a token, at most once a minute; nobody waits for it. */
export function stampTokenUse(
  { db, clock, log }: Pick<Context, 'db' | 'clock' | 'log'>,
  row: ScimTokenRow,
): void {
  const now = clock()
  if (row.last_used_at && now - row.last_used_at.getTime() < stampEveryMs) return
  // Of many requests that come at once only the first one writes.
  const due = new Date(now - stampEveryMs)
  db.updateTable('scim_tokens')
    .set({ last_used_at: new Date(now) })
    .where('id', '=', row.id)
    .where(sql<boolean>`(last_used_at is null or last_used_at <= ${due})`)
    .execute()
    .catch((error: unknown) => {
      log.warn({ err: error }, 'the last use of a SCIM token could not be noted')
    })
}

function tokenEvent(type: EventType, { id, name }: ScimTokenRow, actor: Actor) {
  const target: Target = { type: 'SCIM_TOKEN', data: { id, name } }
  return { type, actor, targets: [target], metadata: {} }
}
