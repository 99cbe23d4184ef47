/** Who is in a group. Every change is told in the activity log, with the names of the people. */
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { lockDirectory } from './directory-lock.ts'
import { type GroupRow, groupTarget } from './group-store.ts'
import { inParts } from './in-parts.ts'
import type { UserRow } from './user.ts'

/** So many people one entry of the log names, and one statement writes. */
const atOnce = 500

type Changed = { added: string[]; removed: string[] }

export async function memberIdsOf(db: Kysely<Tables>, groupId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('group_members')
    .select('user_id')
    .where('group_id', '=', groupId)
    .orderBy('user_id')
    .execute()
  return rows.map(({ user_id }) => user_id)
}

/** Members by id, the newest user first; one more than `limit` when there are more. */
export async function listMembers(
  db: Kysely<Tables>,
  groupId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<UserRow[]> {
  let query = db
    .selectFrom('group_members')
    .innerJoin('users', 'users.id', 'group_members.user_id')
    .selectAll('users')
    .where('group_id', '=', groupId)
  if (after !== null) query = query.where('user_id', '<', after)
  return query
    .orderBy('user_id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Adds and removes; what is so already, and ids that nobody has, change nothing. Returns what did change. */
export async function changeMembers(
  tx: Transaction<Tables>,
  now: number,
  group: GroupRow,
  { add = [], remove = [] }: { add?: readonly string[]; remove?: readonly string[] },
  actor: Actor,
): Promise<Changed> {
  await lockDirectory(tx)
  const added = await inParts([...new Set(add)], atOnce, (ids) => addMembers(tx, group.id, ids))
  const removed = await inParts([...new Set(remove)], atOnce, (ids) => removeMembers(tx, group.id, ids))
  if (added.length + removed.length === 0) return { added, removed }
  await tx
    .updateTable('groups')
    .set({ version: sql`version + 1`, updated_at: new Date(now) })
    .where('id', '=', group.id)
    .execute()
  await tellMembers(tx, now, group, { added, removed }, actor)
  return { added, removed }
}

/** Makes `userIds` the members, and nobody else. */
export async function setMembers(
  tx: Transaction<Tables>,
  now: number,
  group: GroupRow,
  userIds: readonly string[],
  actor: Actor,
): Promise<Changed> {
  await lockDirectory(tx)
  const wanted = new Set(userIds)
  const current = new Set(await memberIdsOf(tx, group.id))
  const add = [...wanted].filter((id) => !current.has(id))
  const remove = [...current].filter((id) => !wanted.has(id))
  return changeMembers(tx, now, group, { add, remove }, actor)
}

/** Appends what changed, some people at a time. */
export async function tellMembers(
  tx: Transaction<Tables>,
  now: number,
  group: Pick<GroupRow, 'id' | 'name'>,
  { added, removed }: Changed,
  actor: Actor,
): Promise<void> {
  const tell = async (ids: string[], how: 'members_added' | 'members_removed') => {
    const people = await tx.selectFrom('users').select(['id', 'email']).where('id', 'in', ids).execute()
    await appendEvents(tx, now, [
      {
        type: 'DIRECTORY_UPDATED_GROUP',
        actor,
        targets: [groupTarget(group)],
        metadata: { [how]: people.map(({ id, email }) => ({ id, email })) },
      },
    ])
    return ids
  }
  await inParts(added, atOnce, (ids) => tell(ids, 'members_added'))
  await inParts(removed, atOnce, (ids) => tell(ids, 'members_removed'))
}

async function addMembers(tx: Transaction<Tables>, groupId: string, ids: string[]): Promise<string[]> {
  const rows = await tx
    .insertInto('group_members')
    .columns(['group_id', 'user_id'])
    .expression((select) =>
      select
        .selectFrom('users')
        .select([sql.val(groupId).as('group_id'), 'id'])
        .where('id', 'in', ids),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('user_id')
    .execute()
  return rows.map(({ user_id }) => user_id)
}

async function removeMembers(tx: Transaction<Tables>, groupId: string, ids: string[]): Promise<string[]> {
  const rows = await tx
    .deleteFrom('group_members')
    .where('group_id', '=', groupId)
    .where('user_id', 'in', ids)
    .returning('user_id')
    .execute()
  return rows.map(({ user_id }) => user_id)
}
