/** Which access a review is about. */
import type { ReviewersSetting, ReviewScope } from '@keyhook/contract/api/access-review.ts'
import type { Kysely, SelectQueryBuilder } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { firstIdAt } from '../lib/ids.ts'
import type { MemberError } from '../lib/problem-error.ts'

/** More than this is more than people can decide about; the work of one review stays bounded. */
export const mostItems = 100_000

type GrantQuery = SelectQueryBuilder<Tables, 'grants', unknown>

/** Access that people have now and had when the review was made: what comes later is for the next review. */
export function grantsInScope(db: Kysely<Tables>, scope: ReviewScope, madeAt: number): GrantQuery {
  const { app_ids, permission_ids, user_ids, group_ids } = scope
  let query: GrantQuery = db
    .selectFrom('grants')
    .where('grants.status', '=', 'active')
    .where('grants.id', '<', firstIdAt('grt', madeAt + 1))
  if (app_ids.length > 0) query = query.where('grants.app_id', 'in', app_ids)
  if (permission_ids.length > 0) query = query.where('grants.permission_id', 'in', permission_ids)
  if (user_ids.length === 0 && group_ids.length === 0) return query
  return query.where(({ eb, or, exists, selectFrom }) => {
    const ofGroup = selectFrom('group_members')
      .select('group_members.user_id')
      .whereRef('group_members.user_id', '=', 'grants.user_id')
      .where('group_members.group_id', 'in', [...group_ids, ''])
    return or([eb('grants.user_id', 'in', [...user_ids, '']), exists(ofGroup)])
  })
}

/** What of a scope and of the reviewers is not there. */
export async function unknownIds(
  db: Kysely<Tables>,
  scope: ReviewScope,
  reviewers: ReviewersSetting,
): Promise<MemberError[]> {
  const wanted = [
    ...named('apps', scope.app_ids, '/scope/app_ids', 'app'),
    ...named('permissions', scope.permission_ids, '/scope/permission_ids', 'permission'),
    ...named('users', scope.user_ids, '/scope/user_ids', 'user'),
    ...named('groups', scope.group_ids, '/scope/group_ids', 'group'),
    ...reviewers.principal_ids.map((id, index) => ({
      table: id.startsWith('usr_') ? ('users' as const) : ('groups' as const),
      id,
      pointer: `/reviewers/principal_ids/${index}`,
      noun: id.startsWith('usr_') ? 'user' : 'group',
    })),
  ]
  const known = new Set<string>()
  for (const table of ['apps', 'permissions', 'users', 'groups'] as const) {
    const ids = wanted.filter((one) => one.table === table).map(({ id }) => id)
    if (ids.length === 0) continue
    const rows = await db.selectFrom(table).select('id').where('id', 'in', ids).execute()
    for (const { id } of rows) known.add(id)
  }
  return wanted
    .filter(({ id }) => !known.has(id))
    .map(({ pointer, noun }) => ({ pointer, detail: `There is no such ${noun}.` }))
}

function named<Table extends string>(table: Table, ids: readonly string[], at: string, noun: string) {
  return ids.map((id, index) => ({ table, id, pointer: `${at}/${index}`, noun }))
}
