import type { GrantStatus } from '@keyhook/contract/access-words.ts'
import type { Caller } from '../apps/caller.ts'
import { newestOf } from '../apps/merged-lists.ts'
import type { Context } from '../context.ts'
import type { GrantRow } from './request-store.ts'

export type GrantFilter = {
  userId: string | undefined
  appId: string | undefined
  permissionId: string | undefined
  status: GrantStatus | undefined
  mine: boolean
  after: string | null
  limit: number
}

/** Grants that the caller may see, the newest first; one more than `limit` when there are more. */
export async function listGrants(
  { db }: Pick<Context, 'db'>,
  caller: Caller,
  { userId, appId, permissionId, status, mine, after, limit }: GrantFilter,
): Promise<GrantRow[]> {
  let all = db
    .selectFrom('grants')
    .select('id')
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (userId !== undefined) all = all.where('user_id', '=', userId)
  if (appId !== undefined) all = all.where('app_id', '=', appId)
  if (permissionId !== undefined) all = all.where('permission_id', '=', permissionId)
  if (status !== undefined) all = all.where('status', '=', status)
  if (after !== null) all = all.where('id', '<', after)
  const own = caller.userId === null ? [] : [all.where('user_id', '=', caller.userId).execute()]
  const looks = () => {
    if (mine) return own
    if (caller.admin) return [all.execute()]
    return [...own, ...caller.adminOf.map((id) => all.where('app_id', '=', id).execute())]
  }
  const ids = await newestOf(looks(), limit)
  if (ids.length === 0) return []
  return db.selectFrom('grants').selectAll().where('id', 'in', ids).orderBy('id', 'desc').execute()
}
