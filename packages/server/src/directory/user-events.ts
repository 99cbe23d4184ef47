/** Entries of the activity log about users. Pure. */
import type { Actor, NewEvent } from '../events/event.ts'
import { type UserRow, userTarget } from './user.ts'

/** What the log keeps of a user: what people decide by. */
const told = [
  'user_name',
  'email',
  'given_name',
  'family_name',
  'title',
  'department',
  'manager_id',
  'status',
  'role',
  'source',
  'external_id',
] as const

type Told = Pick<UserRow, 'id' | (typeof told)[number]>

export function userCreated(user: Told, actor: Actor): NewEvent {
  return {
    type: 'DIRECTORY_CREATED_USER',
    actor,
    targets: [userTarget(user)],
    metadata: { before: null, after: pick(user, told) },
  }
}

/** `members`: what was changed. */
export function userUpdated(before: Told, after: Told, members: readonly string[], actor: Actor): NewEvent {
  const changed = told.filter((name) => members.includes(name))
  return {
    type: 'DIRECTORY_UPDATED_USER',
    actor,
    targets: [userTarget(after)],
    metadata: { before: pick(before, changed), after: pick(after, changed) },
  }
}

export function userStatusChanged(user: Told, actor: Actor): NewEvent {
  const before = user.status === 'active' ? 'inactive' : 'active'
  return {
    type: user.status === 'active' ? 'DIRECTORY_REACTIVATED_USER' : 'DIRECTORY_DEACTIVATED_USER',
    actor,
    targets: [userTarget(user)],
    metadata: { before: { status: before }, after: { status: user.status } },
  }
}

function pick(user: Told, names: readonly (typeof told)[number][]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, user[name]]))
}
