/**
 * A PATCH of a group as what it does to the members, so that one member more costs no reading of a hundred thousand. Pure.
 */
import { type Filter, FilterError } from './filter.ts'
import { matchesEntry } from './filter-match.ts'
import { type Member, readMembers } from './group-draft.ts'
import { applyPatch } from './patch.ts'
import type { PatchOperation } from './patch-request.ts'
import type { Resource } from './resource.ts'
import { groupSchema } from './schemas.ts'
import { ScimError } from './scim-error.ts'

export type MemberChange = {
  /** Everybody who was in before goes first. */
  clear: boolean
  add: Map<string, Member>
  remove: Set<string>
}

export type GroupPatch = { names: Resource; members: MemberChange }

/**
 * `readAll` gives the members as entries, with what was added and removed by the operations so far left to this function;
 * it is asked only for filters that say more than a value.
 */
export async function patchGroup(
  names: Resource,
  operations: readonly PatchOperation[],
  readAll: () => Promise<Member[]>,
): Promise<GroupPatch> {
  const members: MemberChange = { clear: false, add: new Map(), remove: new Set() }
  let changed = names
  for (const operation of operations) {
    if (operation.path.attribute?.name === 'members') await changeMembers(members, operation, readAll)
    else changed = applyPatch(groupSchema, changed, [operation])
  }
  return { names: changed, members }
}

async function changeMembers(
  change: MemberChange,
  { op, path, value }: PatchOperation,
  readAll: () => Promise<Member[]>,
): Promise<void> {
  if (path.filter !== null) {
    const chosen = valuesOf(path.filter) ?? (await matching(change, path.filter, readAll))
    if (op === 'remove') removeAll(change, chosen)
    // Who is chosen is in already; another member in the place of one is a removal and an addition.
    else if (path.sub === null) {
      if (op === 'replace') removeAll(change, chosen)
      addAll(change, readMembers(value))
    }
    return
  }
  const named = path.sub === null || path.sub.name === 'value' ? readMembers(value) : []
  if (op === 'add') addAll(change, named)
  else if (op === 'replace') {
    clear(change)
    addAll(change, named)
  } else if (value === undefined || value === null) clear(change)
  else
    removeAll(
      change,
      named.map(({ id }) => id),
    )
}

function addAll({ add, remove }: MemberChange, members: readonly Member[]): void {
  for (const member of members) {
    remove.delete(member.id)
    add.set(member.id, member)
  }
}

function removeAll({ add, remove }: MemberChange, ids: readonly string[]): void {
  for (const id of ids) {
    add.delete(id)
    remove.add(id)
  }
}

function clear(change: MemberChange): void {
  change.clear = true
  change.add.clear()
  change.remove.clear()
}

/** The ids of `value eq "…"`, also of several with `or`; null when the filter says something else. */
function valuesOf(filter: Filter): string[] | null {
  if (filter.kind === 'compare') {
    const isValue = filter.path.toLowerCase() === 'value' && filter.operator === 'eq'
    return isValue && typeof filter.value === 'string' ? [filter.value] : null
  }
  if (filter.kind !== 'or') return null
  const all = filter.parts.map(valuesOf)
  return all.every((part) => part !== null) ? all.flat() : null
}

async function matching(
  { clear: isCleared, add, remove }: MemberChange,
  filter: Filter,
  readAll: () => Promise<Member[]>,
): Promise<string[]> {
  const attribute = groupSchema.attributes.get('members')
  if (!attribute) return []
  const before = isCleared ? [] : (await readAll()).filter(({ id }) => !remove.has(id) && !add.has(id))
  try {
    return [...before, ...add.values()]
      .filter(({ id, display }) =>
        matchesEntry(attribute, { value: id, type: 'User', ...(display !== null && { display }) }, filter),
      )
      .map(({ id }) => id)
  } catch (error) {
    if (error instanceof FilterError) throw new ScimError(400, 'invalidPath', error.message)
    throw error
  }
}
