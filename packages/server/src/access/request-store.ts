/** Access requests, grants, tasks and calls as rows. */
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { AccessRequestTable, CallTable, GrantTable, TaskTable } from '../db/access-schema.ts'
import type { Tables } from '../db/schema.ts'
import type { Item, ItemPhase, RequestState } from './request-state.ts'

export type RequestRow = Omit<Selectable<AccessRequestTable>, 'state'> & { state: RequestState }
export type GrantRow = Selectable<GrantTable>
export type TaskRow = Selectable<TaskTable>
export type CallRow = Selectable<CallTable>

export async function findRequest(db: Kysely<Tables>, id: string): Promise<RequestRow | null> {
  const row = await db.selectFrom('access_requests').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? asRequest(row) : null
}

export async function findRequests(db: Kysely<Tables>, ids: readonly string[]): Promise<RequestRow[]> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return []
  const rows = await db.selectFrom('access_requests').selectAll().where('id', 'in', wanted).execute()
  return rows.map(asRequest)
}

/** Nobody else moves it until the transaction is over. */
export async function lockRequest(tx: Transaction<Tables>, id: string): Promise<RequestRow | null> {
  return (await lockRequests(tx, [id]))[0] ?? null
}

/** In the order of their ids, so that two processes do not wait for one another. */
export async function lockRequests(tx: Transaction<Tables>, ids: readonly string[]): Promise<RequestRow[]> {
  if (ids.length === 0) return []
  const rows = await tx
    .selectFrom('access_requests')
    .selectAll()
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(asRequest)
}

/** The grants that these requests gave or make longer. What is read stays so until the transaction is over. */
export async function lockGrants(
  tx: Transaction<Tables>,
  requests: readonly RequestRow[],
): Promise<GrantRow[]> {
  // Before anything is given there is nothing to read.
  const given = requests.filter(({ state }) => state.items.some(wasGiven)).map(({ id }) => id)
  const longer = requests.flatMap(({ extends_grant_ids }) => extends_grant_ids)
  if (given.length === 0 && longer.length === 0) return []
  return tx
    .selectFrom('grants')
    .selectAll()
    .where((where) =>
      where.or([where('request_id', 'in', [...given, '']), where('id', 'in', [...longer, ''])]),
    )
    .orderBy('id')
    .forUpdate()
    .execute()
}

const beforeGiven: readonly ItemPhase[] = ['to_provision', 'provisioning', 'confirming', 'not_granted']

function wasGiven({ phase }: Item): boolean {
  return !beforeGiven.includes(phase)
}

export function asRequest(row: Selectable<AccessRequestTable>): RequestRow {
  return { ...row, state: row.state as RequestState }
}

/** The row of a request whose every value is text or a time: JSON columns as they are written. */
export function requestColumns(row: RequestRow) {
  return {
    ...row,
    state: JSON.stringify(row.state),
    custom_fields: JSON.stringify(row.custom_fields),
    rejection: JSON.stringify(row.rejection),
    denial: JSON.stringify(row.denial),
    pre_approved_by: JSON.stringify(row.pre_approved_by),
    extends_grant_ids: JSON.stringify(row.extends_grant_ids),
  }
}

/** The grants that a request is about: those it gave, or those it makes longer. */
export async function grantIdsFor(
  tx: Kysely<Tables>,
  requestId: string,
  permissionIds: readonly string[],
): Promise<GrantRow[]> {
  return tx
    .selectFrom('grants')
    .selectAll()
    .where('request_id', '=', requestId)
    .where('permission_id', 'in', [...permissionIds, ''])
    .orderBy('id')
    .execute()
}

/** Statuses in which nothing happens any more. */
export const restingForGood = ['rejected', 'denied', 'ended', 'cancelled'] as const

/** Permissions that the request still holds for its target user. */
export function heldBy({ status, state }: RequestRow): readonly string[] {
  if ((restingForGood as readonly string[]).includes(status)) return []
  if (state.items.length === 0) return state.permissionIds
  return state.items
    .filter(({ phase }) => phase !== 'not_granted' && phase !== 'removed')
    .map((item) => item.permissionId)
}
