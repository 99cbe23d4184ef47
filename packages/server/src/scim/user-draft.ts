/** A SCIM user as the directory keeps it: its own members, and the rest as it was sent. Pure. */
import { emailAddress, type UserFields, userFields } from '@keyhook/contract/api/user.ts'
import { validationFailed } from '../lib/problem-error.ts'
import type { Complex, Resource } from './resource.ts'
import { enterpriseUrn } from './schemas.ts'
import { invalidValue, scimErrorOf } from './scim-error.ts'

const directoryFields = userFields.pick({
  user_name: true,
  email: true,
  given_name: true,
  family_name: true,
  title: true,
  department: true,
})

export type UserDraft = {
  fields: Pick<UserFields, 'user_name' | 'email' | 'given_name' | 'family_name' | 'title' | 'department'>
  externalId: string | null
  /** Undefined: as it is; of a new user, active. */
  active: boolean | undefined
  /** The manager as the client names them. */
  manager: string | null
  /** What the directory has no column for. */
  attributes: Resource
  displayName: string | null
  /** All addresses, in lower case, to be found by. */
  emails: string[]
}

/** `knownEmail`: the address of before, when none is sent. Throws `invalidValue`. */
export function draftOf(resource: Resource, knownEmail: string | null): UserDraft {
  const { userName, externalId, active, title, ...rest } = resource
  if (typeof userName !== 'string') throw invalidValue('userName is needed.')
  const { givenName, familyName, ...name } = (rest.name ?? {}) as Complex
  const { department, manager, ...enterprise } = (rest[enterpriseUrn] ?? {}) as Resource
  const emails = (rest.emails ?? []) as Complex[]
  const checked = directoryFields.safeParse({
    user_name: userName,
    email: directoryEmail(emails) ?? knownEmail ?? userName,
    given_name: givenName ?? '',
    family_name: familyName ?? '',
    title: title ?? null,
    department: department ?? null,
  })
  if (!checked.success) {
    const found = checked.error.issues.map(({ path, message }) => ({
      pointer: `/${path.join('/')}`,
      detail: message,
    }))
    throw scimErrorOf(validationFailed(found))
  }
  return {
    fields: checked.data,
    externalId: bounded('externalId', externalId, 254),
    active: active as boolean | undefined,
    manager: bounded('manager', (manager as Complex | undefined)?.value, 254),
    attributes: { ...rest, ...part('name', name), ...part(enterpriseUrn, enterprise) },
    displayName: bounded('displayName', rest.displayName, 400),
    emails: [...new Set(emails.map(({ value }) => bounded('emails', value, 320)?.toLowerCase() ?? ''))],
  }

  /** Takes the place of what it was before, or takes it away. */
  function part(key: string, value: Resource): Resource {
    if (Object.keys(value).length > 0) return { [key]: value }
    delete rest[key]
    return {}
  }
}

/** The first address that mail can be sent to: the primary one, else one for work, else any. */
function directoryEmail(emails: readonly Complex[]): string | undefined {
  const rank = ({ primary, type }: Complex) => (primary === true ? 0 : type === 'work' ? 1 : 2)
  return emails
    .toSorted((one, other) => rank(one) - rank(other))
    .map(({ value }) => value)
    .find((value) => typeof value === 'string' && emailAddress.safeParse(value).success)
    ?.toString()
}

/** Indexes take no longer text. */
function bounded(name: string, value: unknown, max: number): string | null {
  if (value === undefined) return null
  const text = String(value)
  if (text.length > max) throw invalidValue(`${name} may have ${max} characters at most.`)
  return text
}
