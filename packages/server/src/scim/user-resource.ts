/** A user of the directory as SCIM shows it. Pure. */
import type { Selectable } from 'kysely'
import type { ScimUserTable } from '../db/scim-schema.ts'
import type { UserRow } from '../directory/user.ts'
import type { Complex, Resource } from './resource.ts'
import { enterpriseUrn, userUrn } from './schemas.ts'
import { fullNameOf, nonEmpty } from './user-draft.ts'

/** What a client sent beyond the directory's own members; null for users that no SCIM client has written. */
export type Stored = Pick<Selectable<ScimUserTable>, 'attributes' | 'manager'>
export type UserRecord = { user: UserRow; stored: Stored | null }

/** Everything of a user that a client can write: what PATCH is applied to. */
export function writableUser({ user, stored }: UserRecord): Resource {
  const { name, emails, [enterpriseUrn]: extension, ...rest } = stored?.attributes ?? {}
  const manager = user.manager_id ?? stored?.manager
  const enterprise = {
    ...(extension as Resource | undefined),
    ...(user.department !== null && { department: user.department }),
    ...(manager && { manager: { value: manager } }),
  }
  return {
    userName: user.user_name,
    ...(user.external_id !== null && { externalId: user.external_id }),
    ...nonEmpty('name', {
      ...(name as Complex | undefined),
      ...(user.given_name !== '' && { givenName: user.given_name }),
      ...(user.family_name !== '' && { familyName: user.family_name }),
    }),
    ...rest,
    ...(user.title !== null && { title: user.title }),
    active: user.status === 'active',
    emails: emailsOf(user, (emails ?? []) as Complex[]),
    ...nonEmpty(enterpriseUrn, enterprise),
  }
}

type Around = { baseUrl: string; managerName: string | undefined; groups: Complex[] | null }

/** `groups` null: not asked for. */
export function userResource(
  record: UserRecord,
  { baseUrl, managerName, groups }: Around,
): Record<string, unknown> {
  const { user } = record
  const resource = writableUser(record)
  const name = (resource.name ?? {}) as Complex
  const fullName = fullNameOf(user)
  const enterprise = resource[enterpriseUrn] as Resource | undefined
  return {
    schemas: enterprise ? [userUrn, enterpriseUrn] : [userUrn],
    id: user.id,
    ...(fullName !== '' && { displayName: fullName }),
    ...resource,
    ...(fullName !== '' && { name: { formatted: fullName, ...name } }),
    ...(enterprise && { [enterpriseUrn]: withManager(enterprise, managerName, baseUrl) }),
    ...(groups && { groups }),
    meta: {
      resourceType: 'User',
      created: user.created_at.toISOString(),
      lastModified: user.updated_at.toISOString(),
      location: `${baseUrl}/scim/v2/Users/${user.id}`,
      version: `W/"${user.version}"`,
    },
  }
}

/** The address of the directory is always among them, also when it was changed by hand. */
function emailsOf(user: UserRow, sent: Complex[]): Complex[] {
  const wanted = user.email.toLowerCase()
  if (sent.some(({ value }) => String(value).trim().toLowerCase() === wanted)) return sent
  const others = sent.map((entry) => (entry.primary === true ? { ...entry, primary: false } : entry))
  return [{ value: user.email, type: 'work', primary: true }, ...others]
}

/** A manager who is not there yet has no name. */
function withManager(enterprise: Resource, displayName: string | undefined, baseUrl: string): Resource {
  const { value } = (enterprise.manager ?? {}) as Complex
  if (displayName === undefined || value === undefined) return enterprise
  return { ...enterprise, manager: { value, $ref: `${baseUrl}/scim/v2/Users/${value}`, displayName } }
}
