import type { RequestStatus } from '@keyhook/contract/access-words.ts'
import type { Caller } from '../apps/caller.ts'
import { newestOf } from '../apps/merged-lists.ts'
import type { Context } from '../context.ts'
import { asRequest, type RequestRow } from './request-store.ts'

export type RequestFilter = {
  status: RequestStatus | undefined
  appId: string | undefined
  /** Requester or target user. */
  userId: string | undefined
  mine: boolean
  after: string | null
  limit: number
}

/** Requests that the caller may see, the newest first; one more than `limit` when there are more. */
export async function listRequests(
  { db }: Pick<Context, 'db'>,
  caller: Caller,
  filter: RequestFilter,
): Promise<RequestRow[]> {
  const { status, appId, after, limit } = filter
  let base = db
    .selectFrom('access_requests')
    .select('id')
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (status !== undefined) base = base.where('status', '=', status)
  if (appId !== undefined) base = base.where('app_id', '=', appId)
  if (after !== null) base = base.where('id', '<', after)

  const by = (userId: string) => [
    base.where('requester_id', '=', userId).execute(),
    base.where('target_user_id', '=', userId).execute(),
  ]
  const person = filter.mine ? (caller.userId ?? '') : filter.userId
  const own = caller.userId === null ? [] : by(caller.userId)
  const looks = () => {
    if (person !== undefined && (caller.admin || person === caller.userId)) return by(person)
    if (caller.admin) return [base.execute()]
    if (person !== undefined) return administered(person)
    return [...own, ...administered(undefined)]
  }
  const administered = (userId: string | undefined) =>
    caller.adminOf.map((id) => {
      const ofApp = base.where('app_id', '=', id)
      if (userId === undefined) return ofApp.execute()
      return ofApp
        .where((where) =>
          where.or([where('requester_id', '=', userId), where('target_user_id', '=', userId)]),
        )
        .execute()
    })
  const ids = await newestOf(looks(), limit)
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('access_requests')
    .selectAll()
    .where('id', 'in', ids)
    .orderBy('id', 'desc')
    .execute()
  return rows.map(asRequest)
}
