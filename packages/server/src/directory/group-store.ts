/** Groups as rows, with their entries in the activity log; members are in group-members.ts. */
import type { GroupFields } from '@keyhook/contract/api/group.ts'
import type { DirectorySource } from '@keyhook/contract/directory-words.ts'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { contains } from '../db/contains.ts'
import type { GroupTable } from '../db/directory-schema.ts'
import type { Tables } from '../db/schema.ts'
import type { Actor, NewEvent, Target } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { newId } from '../lib/ids.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { lockDirectory } from './directory-lock.ts'

export type GroupRow = Selectable<GroupTable>
export type NewGroup = GroupFields & { source: DirectorySource; external_id: string | null }
export type GroupRowChange = { [Name in keyof NewGroup]?: NewGroup[Name] | undefined }

export async function findGroup(db: Kysely<Tables>, id: string): Promise<GroupRow | null> {
  return (await db.selectFrom('groups').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Letter case does not count. */
export async function findGroupByName(db: Kysely<Tables>, name: string): Promise<GroupRow | null> {
  const query = db.selectFrom('groups').selectAll().where(sql`lower(name)`, '=', sql`lower(${name})`)
  return (await query.executeTakeFirst()) ?? null
}

/** The group as it stays until `tx` ends: for a change. */
export async function findGroupForChange(tx: Transaction<Tables>, id: string): Promise<GroupRow | null> {
  await lockDirectory(tx)
  return findGroup(tx, id)
}

export type GroupFilter = {
  q?: string | undefined
  userId?: string | undefined
  after: string | null
  limit: number
}

/** The newest first; one row more than `limit` when there are more. */
export async function listGroups(
  db: Kysely<Tables>,
  { q, userId, after, limit }: GroupFilter,
): Promise<GroupRow[]> {
  let query = db.selectFrom('groups').selectAll()
  if (q !== undefined) query = query.where('name', 'ilike', contains(q.trim()))
  if (userId !== undefined) {
    query = query.where('id', 'in', (members) =>
      members.selectFrom('group_members').select('group_id').where('user_id', '=', userId),
    )
  }
  if (after !== null) query = query.where('id', '<', after)
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Throws `group_exists` when the name is taken. */
export async function insertGroup(
  tx: Transaction<Tables>,
  now: number,
  group: NewGroup,
  actor: Actor,
): Promise<GroupRow> {
  await lockDirectory(tx)
  await requireFreeName(tx, null, group.name)
  const at = new Date(now)
  const row = await tx
    .insertInto('groups')
    .values({ id: newId('grp', now), ...group, created_at: at, updated_at: at })
    .returningAll()
    .executeTakeFirstOrThrow()
  await appendEvents(tx, now, [groupCreated(row, actor)])
  return row
}

export function groupCreated(group: GroupRow, actor: Actor): NewEvent {
  const after = told(group, Object.keys(group))
  return {
    type: 'DIRECTORY_CREATED_GROUP',
    actor,
    targets: [groupTarget(group)],
    metadata: { before: null, after },
  }
}

/** Writes what differs; the group as it is then. `group` comes from `findGroupForChange`. Throws `group_exists`. */
export async function updateGroup(
  tx: Transaction<Tables>,
  now: number,
  group: GroupRow,
  change: GroupRowChange,
  actor: Actor,
): Promise<GroupRow> {
  const different = Object.fromEntries(
    Object.entries(change).filter(
      ([name, value]) => value !== undefined && group[name as keyof GroupRow] !== value,
    ),
  ) as Partial<GroupRow>
  const names = Object.keys(different)
  if (names.length === 0) return group
  if (different.name !== undefined) await requireFreeName(tx, group.id, different.name)
  const row = await tx
    .updateTable('groups')
    .set({ ...different, version: group.version + 1, updated_at: new Date(now) })
    .where('id', '=', group.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  const metadata = { before: told(group, names), after: told(row, names) }
  await appendEvents(tx, now, [
    { type: 'DIRECTORY_UPDATED_GROUP', actor, targets: [groupTarget(row)], metadata },
  ])
  return row
}

/** Whether it is still in use is asked before, by `usesOfGroup`. */
export async function deleteGroup(
  tx: Transaction<Tables>,
  now: number,
  group: GroupRow,
  actor: Actor,
): Promise<void> {
  await tx.deleteFrom('groups').where('id', '=', group.id).execute()
  const metadata = { before: told(group, Object.keys(group)), after: null }
  await appendEvents(tx, now, [
    { type: 'DIRECTORY_DELETED_GROUP', actor, targets: [groupTarget(group)], metadata },
  ])
}

/** The group as the activity log names targets. */
export function groupTarget({ id, name }: Pick<GroupRow, 'id' | 'name'>): Target {
  return { type: 'GROUP', data: { id, name } }
}

function told(group: GroupRow, members: readonly string[]): Record<string, unknown> {
  const names = ['name', 'description', 'source', 'external_id'] as const
  return Object.fromEntries(names.filter((name) => members.includes(name)).map((name) => [name, group[name]]))
}

async function requireFreeName(db: Kysely<Tables>, groupId: string | null, name: string): Promise<void> {
  const group = await findGroupByName(db, name)
  if (!group || group.id === groupId) return
  const detail = `There is a group with this name already (${group.id}).`
  throw new ProblemError('group_exists', detail, { errors: [{ pointer: '/name', detail }] })
}
