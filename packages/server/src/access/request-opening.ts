/** New requests as rows. A person asks for a permission once at a time: who asks twice is told of the first. */
import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { OpenRequestTable } from '../db/access-schema.ts'
import type { Tables } from '../db/schema.ts'
import { type RequestRow, requestColumns } from './request-store.ts'

/** Another request has one of the permissions. */
export type Taken = { permissionId: string; requestId: string }

type Opened = Pick<OpenRequestTable, 'request_id' | 'permission_id'>

export function insertRequests(tx: Transaction<Tables>, requests: readonly RequestRow[]) {
  return requests.length === 0 ? null : tx.insertInto('access_requests').values(requests.map(requestColumns))
}

/** What the requests ask for. It returns what could be opened: the rest is taken. */
export function insertOpen(
  tx: Transaction<Tables>,
  requests: readonly RequestRow[],
): RawBuilder<Opened> | null {
  if (requests.length === 0) return null
  const insert = tx
    .insertInto('open_requests')
    // Always in the same order, so that two processes do not wait for one another.
    .values(requests.flatMap(openRows).sort((left, right) => orderOf(left).localeCompare(orderOf(right))))
    .onConflict((conflict) => conflict.doNothing())
    .returning(['request_id', 'permission_id'])
  return sql`${insert}`
}

/** The first that could not be opened; not null: the transaction has to be given up. */
export async function findTaken(
  tx: Transaction<Tables>,
  requests: readonly RequestRow[],
  opened: readonly Opened[],
): Promise<Taken | null> {
  const lost = requests
    .flatMap(openRows)
    .find(
      (row) =>
        !opened.some((one) => one.request_id === row.request_id && one.permission_id === row.permission_id),
    )
  if (!lost) return null
  const first = await tx
    .selectFrom('open_requests')
    .select('request_id')
    .where('target_user_id', '=', lost.target_user_id)
    .where('permission_id', '=', lost.permission_id)
    .where('extension', '=', lost.extension)
    .executeTakeFirst()
  return { permissionId: lost.permission_id, requestId: first?.request_id ?? '' }
}

function openRows({ id, target_user_id, state }: RequestRow): OpenRequestTable[] {
  const { permissionIds, extension } = state
  return permissionIds.map((permission_id) => ({ target_user_id, permission_id, extension, request_id: id }))
}

function orderOf(row: { target_user_id: string; permission_id: string }): string {
  return `${row.target_user_id} ${row.permission_id}`
}
