/** Groups as answers show them. */
import type { GroupRead } from '@keyhook/contract/api/group.ts'
import type { Kysely } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { GroupRow } from './group-store.ts'

export async function readGroups(db: Kysely<Tables>, rows: readonly GroupRow[]): Promise<GroupRead[]> {
  if (rows.length === 0) return []
  const counts = await db
    .selectFrom('group_members')
    .select(['group_id', (select) => select.fn.countAll<string>().as('count')])
    .where(
      'group_id',
      'in',
      rows.map(({ id }) => id),
    )
    .groupBy('group_id')
    .execute()
  const byId = new Map(counts.map(({ group_id, count }) => [group_id, Number(count)]))
  return rows.map(({ version: _version, ...group }) => ({
    ...group,
    member_count: byId.get(group.id) ?? 0,
    created_at: group.created_at.toISOString(),
    updated_at: group.updated_at.toISOString(),
  }))
}
