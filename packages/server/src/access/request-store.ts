/** Access requests, grants, tasks and calls as rows. */
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { AccessRequestTable, CallTable, GrantTable, TaskTable } from '../db/access-schema.ts'
import type { Tables } from '../db/schema.ts'
import type { RequestState } from './request-state.ts'

export type RequestRow = Omit<Selectable<AccessRequestTable>, 'state'> & { state: RequestState }
export type GrantRow = Selectable<GrantTable>
export type TaskRow = Selectable<TaskTable>
export type CallRow = Selectable<CallTable>

export async function findRequest(db: Kysely<Tables>, id: string): Promise<RequestRow | null> {
  const row = await db.selectFrom('access_requests').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? asRequest(row) : null
}

/** Nobody else moves it until the transaction is over. */
export async function lockRequest(tx: Transaction<Tables>, id: string): Promise<RequestRow | null> {
  const row = await tx
    .selectFrom('access_requests')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? asRequest(row) : null
}

export function asRequest(row: Selectable<AccessRequestTable>): RequestRow {
  return { ...row, state: row.state as RequestState }
}

export function grantsOf(db: Kysely<Tables>, requestIds: readonly string[]): Promise<GrantRow[]> {
  return db
    .selectFrom('grants')
    .selectAll()
    .where('request_id', 'in', [...requestIds, ''])
    .orderBy('id')
    .execute()
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
