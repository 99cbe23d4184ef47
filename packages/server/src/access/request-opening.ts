/** New requests as rows. A person asks for a permission once at a time: who asks twice is told of the first. */
import type { Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { type RequestRow, requestColumns } from './request-store.ts'

/** Another request has one of the permissions. */
export type Taken = { permissionId: string; requestId: string }

/** Inserts the requests; not null: one of them cannot be, so that the transaction has to be given up. */
export async function openRequests(
  tx: Transaction<Tables>,
  requests: readonly RequestRow[],
): Promise<Taken | null> {
  if (requests.length === 0) return null
  await tx.insertInto('access_requests').values(requests.map(requestColumns)).execute()
  const wanted = requests
    .flatMap((request) =>
      request.state.permissionIds.map((permission_id) => ({
        target_user_id: request.target_user_id,
        permission_id,
        extension: request.state.extension,
        request_id: request.id,
      })),
    )
    // Always in the same order, so that two processes do not wait for one another.
    .sort((left, right) => orderOf(left).localeCompare(orderOf(right)))
  const opened = await tx
    .insertInto('open_requests')
    .values(wanted)
    .onConflict((conflict) => conflict.doNothing())
    .returning(['request_id', 'permission_id'])
    .execute()
  const lost = wanted.find(
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

function orderOf(row: { target_user_id: string; permission_id: string }): string {
  return `${row.target_user_id} ${row.permission_id}`
}
