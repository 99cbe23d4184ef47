/** Groups as clients send them. Pure. */
import { groupFields } from '@keyhook/contract/api/group.ts'
import { isJsonObject, type JsonObject } from '@keyhook/contract/json-object.ts'
import { validationFailed } from '../lib/problem-error.ts'
import { type Resource, readAttributes } from './resource.ts'
import { groupSchema } from './schemas.ts'
import { invalidValue, scimErrorOf } from './scim-error.ts'

/** A member by the id of a user, and what the client calls them. */
export type Member = { id: string; display: string | null }
export type GroupDraft = { name: string; externalId: string | null | undefined; members: Member[] }

const maxMembers = 100_000
const maxDisplay = 200

/** Throws `invalidValue`. `externalId` undefined: none was sent. */
export function groupDraftOf(body: JsonObject): GroupDraft {
  const byName = new Map(Object.entries(body).map(([key, value]) => [key.toLowerCase(), value]))
  const attributes = new Map([...groupSchema.attributes].filter(([name]) => name !== 'members'))
  return {
    ...groupNames(readAttributes(attributes, body)),
    members: readMembers(byName.get('members')),
  }
}

/** Throws `invalidValue`. */
export function groupNames({ displayName, externalId }: Resource): Pick<GroupDraft, 'name' | 'externalId'> {
  if (typeof displayName !== 'string') throw invalidValue('displayName is needed.')
  const checked = groupFields.shape.name.safeParse(displayName)
  if (!checked.success) {
    const found = checked.error.issues.map(({ message }) => ({ pointer: '/name', detail: message }))
    throw scimErrorOf(validationFailed(found))
  }
  if (externalId !== undefined && String(externalId).length > 254)
    throw invalidValue('externalId may have 254 characters at most.')
  return { name: checked.data, externalId: externalId === undefined ? undefined : String(externalId) }
}

/**
 * Members as a list, as one object, or as bare ids. Whom nobody knows, and groups in groups, are left out later: who is
 * in is what the answer shows.
 */
export function readMembers(given: unknown): Member[] {
  if (given === undefined || given === null) return []
  const list = Array.isArray(given) ? given : [given]
  if (list.length > maxMembers)
    throw invalidValue(`${maxMembers.toLocaleString('en')} members at most can be sent at once.`)
  return list.flatMap((member) => readMember(member) ?? [])
}

function readMember(given: unknown): Member | null {
  if (typeof given === 'string') return memberOf(given, undefined)
  if (!isJsonObject(given)) throw invalidValue('A member must be an object with a value, the id of a user.')
  const byName = new Map(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]))
  const value = byName.get('value')
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') throw invalidValue('The value of a member must be the id of a user.')
  return memberOf(value, byName.get('display') ?? byName.get('displayname'))
}

/** Ids of ours have no other characters: the rest is nobody's. */
function memberOf(id: string, display: unknown): Member | null {
  if (!/^usr_[0-9a-f]{32}$/.test(id)) return null
  const isText = typeof display === 'string' && !/\0|\p{Surrogate}/u.test(display)
  const text = isText ? display.trim().slice(0, maxDisplay) : ''
  return { id, display: text === '' ? null : text.toWellFormed() }
}
