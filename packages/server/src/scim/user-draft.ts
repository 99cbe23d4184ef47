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

/** All attributes of a user together, as JSON. */
const mostText = 65_536

type NamedUser = Pick<UserFields, 'email' | 'given_name' | 'family_name'>

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

/** `before`: the user whom it is about; null for a new one. Throws `invalidValue`. */
export function draftOf(resource: Resource, before: NamedUser | null): UserDraft {
  const {
    userName,
    externalId,
    active,
    title,
    name,
    displayName,
    [enterpriseUrn]: extension,
    ...rest
  } = resource
  if (typeof userName !== 'string') throw invalidValue('userName is needed.')
  const { givenName, familyName, ...nameParts } = (name ?? {}) as Complex
  const { department, manager, ...enterprise } = (extension ?? {}) as Resource
  const emails = (rest.emails ?? []) as Complex[]
  const fields = checkedFields({
    user_name: userName,
    email: directoryEmail(emails) ?? before?.email ?? userName,
    given_name: givenName ?? '',
    family_name: familyName ?? '',
    title: title ?? null,
    department: department ?? null,
  })
  const shownName = displayName === fullNameOf(fields) ? undefined : displayName
  const madeNames = [fullNameOf(fields), before && fullNameOf(before)]
  // Clients send back what they read: a name that we put together is not kept as if it were theirs.
  if (madeNames.includes(String(nameParts.formatted))) delete nameParts.formatted
  const attributes = {
    ...rest,
    ...(shownName !== undefined && { displayName: shownName }),
    ...nonEmpty('name', nameParts),
    ...nonEmpty(enterpriseUrn, enterprise),
  }
  if (JSON.stringify(attributes).length > mostText)
    throw invalidValue(`A user may have ${mostText.toLocaleString('en')} characters at most.`)
  return {
    fields,
    externalId: bounded('externalId', externalId, 254),
    active: active as boolean | undefined,
    manager: bounded('manager', (manager as Complex | undefined)?.value, 254),
    attributes,
    displayName: bounded('displayName', shownName, 400),
    emails: [...new Set(emails.map(({ value }) => bounded('emails', value, 320)?.toLowerCase() ?? ''))],
  }
}

/** The name as we put it together. */
export function fullNameOf({
  given_name,
  family_name,
}: Pick<UserFields, 'given_name' | 'family_name'>): string {
  return `${given_name} ${family_name}`.trim()
}

export function nonEmpty(key: string, value: Resource): Resource {
  return Object.keys(value).length === 0 ? {} : { [key]: value }
}

function checkedFields(given: Record<string, unknown>): UserDraft['fields'] {
  const checked = directoryFields.safeParse(given)
  if (checked.success) return checked.data
  const found = checked.error.issues.map(({ path, message }) => ({
    pointer: `/${path.join('/')}`,
    detail: message,
  }))
  throw scimErrorOf(validationFailed(found))
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
