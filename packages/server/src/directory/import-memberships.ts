/** Which groups the people of an import would enter and leave. */
import type { ImportColumn } from '@keyhook/contract/directory-words.ts'
import type { Kysely } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { newId } from '../lib/ids.ts'
import type { GroupRow } from './group-store.ts'
import { groupsByName, membershipsOf } from './import-lookup.ts'
import type { PlannedRow } from './import-plan.ts'
import type { ImportRow } from './import-row.ts'

export type Membership = { group: Pick<GroupRow, 'id' | 'name'>; userId: string }
export type MembershipPlan = { newGroups: GroupRow[]; added: Membership[]; removed: Membership[] }

const atOnce = 1_000

/**
 * The column states all groups of a user, but for those that SCIM keeps: an import neither adds to them nor takes out of
 * them. A group that nobody knows is made.
 */
export async function planMemberships(
  db: Kysely<Tables>,
  now: number,
  planned: readonly PlannedRow[],
  tell: (row: ImportRow, column: ImportColumn, detail: string) => void,
): Promise<MembershipPlan> {
  const plan: MembershipPlan = { newGroups: [], added: [], removed: [] }
  const stated = planned.filter(({ row }) => row.groups !== undefined)
  const groups = await groupsByName(db, names(stated))
  const groupOf = (name: string): GroupRow => {
    const known = groups.get(name.toLowerCase())
    if (known) return known
    const group = newGroup(name, now)
    groups.set(name.toLowerCase(), group)
    plan.newGroups.push(group)
    return group
  }
  for (let from = 0; from < stated.length; from += atOnce) {
    const part = stated.slice(from, from + atOnce)
    const current = await membershipsOf(
      db,
      part.map(({ after }) => after.id),
    )
    for (const { row, after } of part) {
      const has = current.get(after.id) ?? []
      const wanted = (row.groups ?? []).map(groupOf)
      for (const group of wanted) {
        if (has.some(({ id }) => id === group.id)) continue
        if (group.source === 'scim')
          tell(row, 'groups', `The group ${group.name} is kept by SCIM: add there.`)
        else plan.added.push({ group, userId: after.id })
      }
      for (const { id, name, scim } of has) {
        if (!scim && !wanted.some((group) => group.id === id))
          plan.removed.push({ group: { id, name }, userId: after.id })
      }
    }
  }
  return plan
}

function* names(rows: readonly PlannedRow[]): Generator<string> {
  for (const { row } of rows) yield* row.groups ?? []
}

function newGroup(name: string, now: number): GroupRow {
  const at = new Date(now)
  return {
    id: newId('grp', now),
    name,
    description: null,
    source: 'csv',
    external_id: null,
    version: 1,
    created_at: at,
    updated_at: at,
  }
}
