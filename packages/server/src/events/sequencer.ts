/**
 * Gives what happened its place in the log: moves what has committed from the inbox to the chain, in batches. Whoever
 * holds the lock of the one row that says where the chain stands does it; any process may, and any may die at any time.
 */

import type { LogCheckpoint } from '@keyhook/contract/api/event.ts'
import { type Selectable, sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { EventInboxTable } from '../db/log-schema.ts'
import type { Tables } from '../db/schema.ts'
import { signCheckpoint } from './checkpoint.ts'
import { type ChainHead, canonicalBytes, hashEntry, writable } from './event-chain.ts'
import { inboxRow } from './event-store.ts'
import { targetIdsOf, wordsOf } from './event-words.ts'
import type { LogKeys } from './log-keys.ts'
import { ensurePartition, partitionOf } from './log-partitions.ts'

/** Entries that get their place in one transaction, */
const batch = 4_000
/** and in one statement: while the database writes these, the hashes of the next are made. */
const part = 1_000
/** A checkpoint is made after so many entries, or after this time when there are any. */
const checkpointEvery = { entries: 10_000, ms: 60_000 }

export type Sequenced = {
  readonly count: number
  /** Of the last entry. */
  readonly position: number
  readonly checkpoint: LogCheckpoint | null
}

const nothing: Sequenced = { count: 0, position: 0, checkpoint: null }

export type Sequencer = {
  /** One batch. `count` is smaller than `batchSize` when there is nothing left, or another process does it. */
  sequence(): Promise<Sequenced>
  readonly batchSize: number
}

export function createSequencer(ctx: Pick<Context, 'db' | 'clock'>, keys: LogKeys): Sequencer {
  /** Partitions that are known to be there. */
  const months = new Set<string>()

  async function prepare(tx: Transaction<Tables>, at: Date): Promise<string> {
    const { name } = partitionOf(at)
    if (!months.has(name)) await ensurePartition(tx, at)
    return name
  }

  async function sequence(): Promise<Sequenced> {
    let month = ''
    const done = await ctx.db.transaction().execute(async (tx) => {
      const head = await tx.selectFrom('log_head').selectAll().forUpdate().skipLocked().executeTakeFirst()
      if (!head) return nothing
      const rows = await tx.selectFrom('event_inbox').selectAll().orderBy('seq').limit(batch).execute()
      if (rows.length === 0) return nothing
      // A clock that was set back must not put an entry before the one that it follows.
      const loggedAt = new Date(Math.max(ctx.clock(), head.logged_at.getTime()))
      month = await prepare(tx, loggedAt)
      const last = await moveAll(tx, keys.chain, rows, { head, loggedAt })
      const checkpoint = checkpointFor(keys, rows, last, { head, loggedAt })
      await tx
        .updateTable('log_head')
        .set({
          position: last.position,
          hash: last.hash,
          logged_at: loggedAt,
          ...(checkpoint && { checkpoint_position: last.position, checkpoint_at: loggedAt }),
        })
        .execute()
      if (checkpoint) await keep(tx, checkpoint, loggedAt)
      return { count: rows.length, position: last.position, checkpoint }
    })
    if (month !== '') months.add(month)
    return done
  }

  return { sequence, batchSize: batch }
}

type InboxRow = Selectable<EventInboxTable>
type Standing = {
  head: { position: string; hash: string; checkpoint_position: string; checkpoint_at: Date }
  loggedAt: Date
}

/** What has no canonical form is changed into what has: one such entry must not keep all others from their place. */
async function mendAll(tx: Transaction<Tables>, rows: readonly InboxRow[]): Promise<InboxRow[]> {
  const mended: InboxRow[] = []
  for (const row of rows) {
    const { actor, targets, metadata } = row
    try {
      canonicalBytes([actor, targets, metadata])
      mended.push(row)
    } catch {
      const whole = {
        actor: writable(actor) as InboxRow['actor'],
        targets: writable(targets) as InboxRow['targets'],
        metadata: writable(metadata) as InboxRow['metadata'],
      }
      await tx
        .updateTable('event_inbox')
        .set({
          actor: JSON.stringify(whole.actor),
          targets: JSON.stringify(whole.targets),
          metadata: JSON.stringify(whole.metadata),
        })
        .where('seq', '=', row.seq)
        .execute()
      mended.push({ ...row, ...whole })
    }
  }
  return mended
}

type Placed = { seq: string; position: number; hash: string; words: string; target_ids: string[] }

function placeAll(key: Uint8Array, rows: readonly InboxRow[], before: ChainHead, loggedAt: Date): Placed[] {
  let { position, hash } = before
  const logged_at = loggedAt.toISOString()
  return rows.map((row) => {
    position += 1
    hash = hashEntry(key, hash, {
      position,
      id: row.id,
      logged_at,
      access_request_id: row.request_id,
      app_id: row.app_id,
      event: {
        actor: row.actor,
        event_type: row.type,
        label: row.label,
        event_began_at: row.began_at.toISOString(),
        event_metadata: row.metadata,
        outcome: row.outcome,
        targets: row.targets,
      },
    })
    return { seq: row.seq, position, hash, words: wordsOf(row), target_ids: targetIdsOf(row.targets) }
  })
}

async function moveAll(
  tx: Transaction<Tables>,
  key: Uint8Array,
  rows: readonly InboxRow[],
  { head, loggedAt }: Standing,
): Promise<ChainHead> {
  let last: ChainHead = { position: Number(head.position), hash: head.hash }
  let writing: Promise<unknown> = Promise.resolve()
  for (let from = 0; from < rows.length; from += part) {
    const next = rows.slice(from, from + part)
    let placed: Placed[]
    try {
      placed = placeAll(key, next, last, loggedAt)
    } catch {
      placed = placeAll(key, await mendAll(tx, next), last, loggedAt)
    }
    last = placed.at(-1) ?? last
    await writing
    writing = writeAll(tx, placed, loggedAt)
    // Whoever waits for it learns of a failure.
    writing.catch(() => {})
  }
  await writing
  return last
}

/** What is attested stays in the database as it was written: only its place and its hash are sent back. */
function writeAll(tx: Transaction<Tables>, placed: readonly Placed[], loggedAt: Date): Promise<unknown> {
  return sql`
    with placed as (
      select * from json_to_recordset(${JSON.stringify(placed)}::json)
        as p (seq bigint, position bigint, hash text, words text, target_ids text[])
    ), taken as (
      delete from event_inbox using placed where event_inbox.seq = placed.seq returning event_inbox.*
    )
    insert into events (position, logged_at, id, type, label, actor, targets, metadata, outcome, began_at, actor_id, request_id,
      app_id, target_ids, words, hash)
    select placed.position, ${loggedAt}::timestamptz, taken.id, type, label, actor, targets, metadata, outcome, began_at, actor_id,
      request_id, app_id, placed.target_ids, to_tsvector('simple', placed.words), placed.hash
    from taken join placed on placed.seq = taken.seq`.execute(tx)
}

/** Where the log stands after these rows, when it is time to say so. */
function checkpointFor(
  keys: LogKeys,
  rows: readonly InboxRow[],
  { position, hash }: { position: number; hash: string },
  { head, loggedAt }: Standing,
): LogCheckpoint | null {
  // A checkpoint tells of itself in the log; that alone is no reason for the next.
  if (rows.every(({ type }) => type === 'KEYHOOK_LOG_CHECKPOINT')) return null
  const entries = position - Number(head.checkpoint_position)
  const ms = loggedAt.getTime() - head.checkpoint_at.getTime()
  if (entries < checkpointEvery.entries && ms < checkpointEvery.ms) return null
  const said = { count: position, head: hash, time: loggedAt.toISOString(), public_key: keys.publicKey }
  return signCheckpoint(keys.signing, said)
}

/** In the database, and as an entry of its own, so that every stream of events carries it to the outside. */
async function keep(tx: Transaction<Tables>, checkpoint: LogCheckpoint, at: Date): Promise<void> {
  await tx
    .insertInto('log_checkpoints')
    .values({ position: checkpoint.count, checkpoint: JSON.stringify(checkpoint), made_at: at })
    .execute()
  const told = { type: 'KEYHOOK_LOG_CHECKPOINT', actor: { type: 'SYSTEM' }, metadata: checkpoint } as const
  await tx.insertInto('event_inbox').values(inboxRow(told, at.getTime())).execute()
}
