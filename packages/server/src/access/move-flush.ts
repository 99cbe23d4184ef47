/** Writes what moves gathered: what nearly every move writes in one statement, and one for each kind of the rest. */
import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { writeTogether } from '../db/write-together.ts'
import { insertEvents } from '../events/event-store.ts'
import { insertNotices } from '../notices/notice-orders.ts'
import type { GrantChange, MoveWrites } from './move-writes.ts'
import { findTaken, insertOpen, insertRequests, type Taken } from './request-opening.ts'
import { type CallRow, type GrantRow, heldBy, type RequestRow, requestColumns } from './request-store.ts'
import { addApprovers, closeTasks, insertTasks, markDecided } from './task-store.ts'

/** A request as it was locked, and as it is after its move. */
export type Change = { before: RequestRow; after: RequestRow }

type ToWrite = {
  fresh: readonly RequestRow[]
  changes: readonly Change[]
  writes: MoveWrites
}

/** Not null: a new request cannot be, because another one has what it asks for, so the transaction has to be given up. */
export async function writeMoves(
  tx: Transaction<Tables>,
  now: number,
  { fresh, changes, writes }: ToWrite,
): Promise<Taken | null> {
  const opened = await writeTogether(
    tx,
    [
      insertRequests(tx, fresh),
      updateRequests(changes),
      insertCalls(tx, writes.calls),
      insertGrants(tx, writes.grants),
      insertEvents(now, writes.events),
      insertNotices(tx, now, writes.notices),
    ],
    insertOpen(tx, fresh),
  )
  const taken = await findTaken(tx, fresh, opened)
  if (taken) return taken
  await releasePermissions(tx, changes)
  await closeTasks(tx, writes.closings, new Date(now))
  await markDecided(tx, writes.decided)
  await addApprovers(tx, writes.escalations)
  await insertTasks(tx, writes.tasks)
  await changeGrants(tx, writes.grantChanges)
  for (const { grantIds, expiresAt, warnAt } of writes.extensions) {
    await tx
      .updateTable('grants')
      .set({ expires_at: expiresAt, warn_at: warnAt })
      .where('id', 'in', [...grantIds])
      .execute()
  }
  return null
}

function updateRequests(changes: readonly Change[]): RawBuilder<unknown> | null {
  if (changes.length === 0) return null
  const rows = changes.map(({ after }) => {
    const { id, status, state, rejection, denial, pre_approved_by, remind_at, escalate_at, updated_at } =
      requestColumns(after)
    return sql`(${id}::text, ${status}::text, ${state}::json, ${rejection}::json, ${denial}::json, ${pre_approved_by}::json,
      ${remind_at}::timestamptz, ${escalate_at}::timestamptz, ${updated_at}::timestamptz)`
  })
  return sql`
    update access_requests set status = moved.status, state = moved.state, rejection = moved.rejection,
      denial = moved.denial, pre_approved_by = moved.pre_approved_by, remind_at = moved.remind_at,
      escalate_at = moved.escalate_at, updated_at = moved.updated_at
    from (values ${sql.join(rows)}) as moved (id, status, state, rejection, denial, pre_approved_by, remind_at,
      escalate_at, updated_at)
    where access_requests.id = moved.id`
}

function insertCalls(tx: Transaction<Tables>, calls: readonly CallRow[]) {
  if (calls.length === 0) return null
  return tx
    .insertInto('calls')
    .values(calls.map((call) => ({ ...call, permission_ids: JSON.stringify(call.permission_ids) })))
}

function insertGrants(tx: Transaction<Tables>, grants: readonly GrantRow[]) {
  return grants.length === 0 ? null : tx.insertInto('grants').values(grants)
}

/** What a request does not hold any more can be asked for again. */
async function releasePermissions(tx: Transaction<Tables>, changes: readonly Change[]): Promise<void> {
  const released = changes.flatMap(({ before, after }) => {
    const held = heldBy(after)
    const gone = heldBy(before).filter((id) => !held.includes(id))
    return gone.map((permissionId) => sql`(${after.id}::text, ${permissionId}::text)`)
  })
  if (released.length === 0) return
  await sql`
    delete from open_requests using (values ${sql.join(released)}) as released (request_id, permission_id)
    where open_requests.request_id = released.request_id and open_requests.permission_id = released.permission_id
  `.execute(tx)
}

async function changeGrants(tx: Transaction<Tables>, changes: readonly GrantChange[]): Promise<void> {
  if (changes.length === 0) return
  const last = new Map<string, GrantChange>()
  for (const change of changes) {
    const key = `${change.requestId} ${change.permissionId}`
    last.set(key, { ...change, reason: change.reason ?? last.get(key)?.reason ?? null })
  }
  const rows = [...last.values()].map(
    ({ requestId, permissionId, status, reason, endedAt }) =>
      sql`(${requestId}::text, ${permissionId}::text, ${status}::text, ${reason}::text, ${endedAt}::timestamptz)`,
  )
  await sql`
    update grants set status = changed.status, end_reason = coalesce(changed.reason, grants.end_reason),
      ended_at = changed.ended_at
    from (values ${sql.join(rows)}) as changed (request_id, permission_id, status, reason, ended_at)
    where grants.request_id = changed.request_id and grants.permission_id = changed.permission_id`.execute(tx)
}
