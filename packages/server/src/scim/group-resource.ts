/** A group of the directory as SCIM shows it. Pure. */
import type { GroupRow } from '../directory/group-store.ts'
import type { Member } from './group-draft.ts'
import type { Resource } from './resource.ts'
import { groupUrn } from './schemas.ts'

/** What a client can write of a group, but for its members. */
export function writableGroup({ name, external_id }: GroupRow): Resource {
  return { displayName: name, ...(external_id !== null && { externalId: external_id }) }
}

/** `members` null: not asked for. */
export function groupResource(
  group: GroupRow,
  members: readonly Member[] | null,
  baseUrl: string,
): Record<string, unknown> {
  return {
    schemas: [groupUrn],
    id: group.id,
    ...writableGroup(group),
    ...(members && { members: members.map((member) => memberEntry(member, baseUrl)) }),
    meta: {
      resourceType: 'Group',
      created: group.created_at.toISOString(),
      lastModified: group.updated_at.toISOString(),
      location: `${baseUrl}/scim/v2/Groups/${group.id}`,
      version: `W/"${group.version}"`,
    },
  }
}

function memberEntry({ id, display }: Member, baseUrl: string): Record<string, unknown> {
  const $ref = `${baseUrl}/scim/v2/Users/${id}`
  return { value: id, $ref, ...(display !== null && { display }), type: 'User' }
}
