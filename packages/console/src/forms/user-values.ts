/** A user as the form holds them, and the body that the API takes. Pure. */
import type { PersonRead } from '@keyhook/contract/api/access-parts.ts'
import type { UserFields, UserRead } from '@keyhook/contract/api/user.ts'

export type UserValues = {
  email: string
  user_name: string
  given_name: string
  family_name: string
  title: string
  department: string
  manager: PersonRead | null
  role: UserFields['role']
}

export const userFieldNames = [
  ...['email', 'user_name', 'given_name', 'family_name', 'title', 'department', 'manager', 'role'],
]
export const userAliases = { manager_id: 'manager' }

export function userValuesOf(user: UserRead | null): UserValues {
  return {
    email: user?.email ?? '',
    user_name: user?.user_name ?? '',
    given_name: user?.given_name ?? '',
    family_name: user?.family_name ?? '',
    title: user?.title ?? '',
    department: user?.department ?? '',
    manager: user?.manager ?? null,
    role: user?.role ?? 'person',
  }
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text
}

/** An empty user name is the e-mail address, as when it was never given. */
export function userMembers(values: UserValues): Partial<UserFields> {
  const { manager, title, department, user_name, ...others } = values
  const name = user_name.trim() === '' ? others.email : user_name
  return {
    ...others,
    ...(name.trim() === '' ? {} : { user_name: name }),
    title: orNull(title),
    department: orNull(department),
    manager_id: manager?.id ?? null,
  }
}
