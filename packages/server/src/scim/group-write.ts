/** What SCIM clients do to groups, by the stores of the directory: with their checks and events. */
import { sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { changeMembers, setMembers } from '../directory/group-members.ts'
import {
  deleteGroup,
  findGroup,
  findGroupForChange,
  type GroupRow,
  insertGroup,
  updateGroup,
} from '../directory/group-store.ts'
import { usesOfGroup } from '../directory/group-usage.ts'
import type { Actor } from '../events/event.ts'
import { type GroupDraft, groupNames, type Member } from './group-draft.ts'
import { type MemberChange, patchGroup } from './group-patch.ts'
import { membersOf } from './group-read.ts'
import { writableGroup } from './group-resource.ts'
import type { PatchOperation } from './patch-request.ts'
import { noSuchResource, ScimError } from './scim-error.ts'

type Writer = Pick<Context, 'db' | 'clock'>
type Check = (group: GroupRow) => void

/** So many names of members one statement writes. */
const atOnce = 1_000

/** Throws `uniqueness` when the displayName is taken. */
export async function createGroup({ db, clock }: Writer, draft: GroupDraft, actor: Actor): Promise<GroupRow> {
  const now = clock()
  return db.transaction().execute(async (tx) => {
    const { name, externalId = null, members } = draft
    const fields = { name, description: null, source: 'scim', external_id: externalId } as const
    const group = await insertGroup(tx, now, fields, actor)
    await changeMembers(tx, now, group, { add: await present(tx, members) }, actor)
    await storeDisplays(tx, group.id, members)
    return requireGroup(await findGroup(tx, group.id), group.id)
  })
}

/** PUT: members that are not named go. Throws 404 and `uniqueness`. */
export async function replaceGroup(
  { db, clock }: Writer,
  id: string,
  { check, draft }: { check: Check; draft: GroupDraft },
  actor: Actor,
): Promise<GroupRow> {
  const now = clock()
  return db.transaction().execute(async (tx) => {
    const before = requireGroup(await findGroupForChange(tx, id), id)
    check(before)
    const names = { name: draft.name, external_id: draft.externalId, source: 'scim' } as const
    const group = await updateGroup(tx, now, before, names, actor)
    await setMembers(tx, now, group, await present(tx, draft.members), actor)
    await storeDisplays(tx, id, draft.members)
    return requireGroup(await findGroup(tx, id), id)
  })
}

/** Throws 404, `uniqueness` and what `readPatch` throws. */
export async function patchScimGroup(
  { db, clock }: Writer,
  id: string,
  { check, operations }: { check: Check; operations: readonly PatchOperation[] },
  actor: Actor,
): Promise<GroupRow> {
  const now = clock()
  return db.transaction().execute(async (tx) => {
    const before = requireGroup(await findGroupForChange(tx, id), id)
    check(before)
    const readAll = async () => (await membersOf(tx, [before])).get(id) ?? []
    const { names, members } = await patchGroup(writableGroup(before), operations, readAll)
    const { name, externalId = null } = groupNames(names)
    const group = await updateGroup(tx, now, before, { name, external_id: externalId, source: 'scim' }, actor)
    await applyMembers(tx, now, group, members, actor)
    return requireGroup(await findGroup(tx, id), id)
  })
}

/** Throws 404, and 409 while something in Keyhook is for its members. */
export async function deleteScimGroup(
  { db, clock }: Writer,
  id: string,
  check: Check,
  actor: Actor,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const group = requireGroup(await findGroupForChange(tx, id), id)
    check(group)
    const uses = await usesOfGroup(tx, id)
    if (uses.length > 0) throw new ScimError(409, null, `The group is in use. ${uses.join(' ')}`)
    await deleteGroup(tx, clock(), group, actor)
  })
}

async function applyMembers(
  tx: Transaction<Tables>,
  now: number,
  group: GroupRow,
  { clear, add, remove }: MemberChange,
  actor: Actor,
): Promise<void> {
  const more = await present(tx, [...add.values()])
  if (clear) await setMembers(tx, now, group, more, actor)
  else await changeMembers(tx, now, group, { add: more, remove: [...remove] }, actor)
  await storeDisplays(tx, group.id, [...add.values()])
}

/** The ids of those who are there: a client may name users that were deleted. */
async function present(tx: Transaction<Tables>, members: readonly Member[]): Promise<string[]> {
  const found: string[] = []
  for (let from = 0; from < members.length; from += atOnce) {
    const ids = members.slice(from, from + atOnce).map(({ id }) => id)
    const rows = await tx
      .selectFrom('users')
      .select('id')
      .where('id', 'in', ids)
      .where('deleted_at', 'is', null)
      .execute()
    found.push(...rows.map(({ id }) => id))
  }
  return found
}

/** What the client calls the members, of those who are in. */
async function storeDisplays(
  tx: Transaction<Tables>,
  groupId: string,
  members: readonly Member[],
): Promise<void> {
  const named = [...new Map(members.map((member) => [member.id, member])).values()].filter(
    ({ display }) => display !== null,
  )
  for (let from = 0; from < named.length; from += atOnce) {
    const part = JSON.stringify(named.slice(from, from + atOnce))
    await sql`
      insert into scim_members (group_id, user_id, display)
      select group_members.group_id, named.id, named.display
        from json_to_recordset(${part}::json) as named (id text, display text)
        join group_members on group_members.user_id = named.id and group_members.group_id = ${groupId}
      on conflict (group_id, user_id) do update set display = excluded.display
        where scim_members.display <> excluded.display`.execute(tx)
  }
}

function requireGroup(group: GroupRow | null, id: string): GroupRow {
  if (!group) throw noSuchResource('Group', id)
  return group
}
