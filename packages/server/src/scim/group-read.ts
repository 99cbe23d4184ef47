/** Groups as rows for SCIM. */
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { GroupRow } from '../directory/group-store.ts'
import { conditionOf } from './filter-sql.ts'
import { groupColumns } from './group-columns.ts'
import type { Member } from './group-draft.ts'
import { groupResource } from './group-resource.ts'
import type { ListQuery } from './list.ts'
import { isWanted, type Projection, project } from './projection.ts'
import { ScimError } from './scim-error.ts'
import { shownName } from './user-read.ts'

/** So many members are answered at once; a single group is answered whole. */
const mostMembers = 200_000

/** One page, the oldest first, and how many there are in all. Throws `FilterError`. */
export async function listScimGroups(
  db: Kysely<Tables>,
  { filter, startIndex, count }: ListQuery,
): Promise<{ groups: GroupRow[]; total: number }> {
  const condition = filter && conditionOf(groupColumns, filter)
  const wanted = <Selected>(query: SelectQueryBuilder<Tables, 'groups', Selected>) =>
    condition ? query.where(condition) : query
  const counted = await wanted(
    db.selectFrom('groups').select(sql<number>`count(*)::int`.as('total')),
  ).executeTakeFirstOrThrow()
  if (count === 0 || counted.total < startIndex) return { groups: [], total: counted.total }
  const groups = await wanted(db.selectFrom('groups').selectAll('groups'))
    .orderBy('groups.id')
    .limit(count)
    .offset(startIndex - 1)
    .execute()
  return { groups, total: counted.total }
}

/** As clients see them. Throws `tooMany`. */
export async function readGroups(
  db: Kysely<Tables>,
  groups: readonly GroupRow[],
  { baseUrl, projection }: { baseUrl: string; projection: Projection },
): Promise<Record<string, unknown>[]> {
  const members = isWanted(projection, 'members') ? await membersOf(db, groups) : null
  return groups.map((group) =>
    project(projection, groupResource(group, members && (members.get(group.id) ?? []), baseUrl)),
  )
}

/** Members of groups: the client's own word for each of them, else their name. */
export async function membersOf(
  db: Kysely<Tables>,
  groups: readonly Pick<GroupRow, 'id'>[],
): Promise<Map<string, Member[]>> {
  const members = new Map<string, Member[]>()
  if (groups.length === 0) return members
  let query = db
    .selectFrom('group_members')
    .innerJoin('users', 'users.id', 'group_members.user_id')
    .leftJoin('scim_users', 'scim_users.user_id', 'users.id')
    .leftJoin('scim_members', (join) =>
      join
        .onRef('scim_members.group_id', '=', 'group_members.group_id')
        .onRef('scim_members.user_id', '=', 'group_members.user_id'),
    )
    .select([
      'group_members.group_id',
      'group_members.user_id',
      sql<string>`coalesce(scim_members.display, ${shownName})`.as('display'),
    ])
    .where(
      'group_members.group_id',
      'in',
      groups.map(({ id }) => id),
    )
    .orderBy('group_members.group_id')
    .orderBy('group_members.user_id')
  if (groups.length > 1) query = query.limit(mostMembers + 1)
  const rows = await query.execute()
  if (groups.length > 1 && rows.length > mostMembers) {
    throw new ScimError(
      400,
      'tooMany',
      'These groups have too many members for one answer: add excludedAttributes=members, or ask for fewer with count.',
    )
  }
  for (const { group_id, user_id, display } of rows) {
    const list = members.get(group_id) ?? []
    list.push({ id: user_id, display })
    members.set(group_id, list)
  }
  return members
}
