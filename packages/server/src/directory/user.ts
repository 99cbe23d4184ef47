/** A user of the directory as others name them. */
import type { PersonRead } from '@keyhook/contract/api/access-parts.ts'
import type { Kysely, Selectable } from 'kysely'
import type { UserTable } from '../db/directory-schema.ts'
import type { Tables } from '../db/schema.ts'
import type { Actor, Target } from '../events/event.ts'

export type UserRow = Selectable<UserTable>

export async function findUsers(db: Kysely<Tables>, ids: Iterable<string>): Promise<Map<string, UserRow>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const rows = await db.selectFrom('users').selectAll().where('id', 'in', wanted).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

export function nameOf(user: Pick<UserRow, 'given_name' | 'family_name' | 'email'>): string {
  return `${user.given_name} ${user.family_name}`.trim() || user.email
}

export function readPerson(
  user: Pick<UserRow, 'id' | 'given_name' | 'family_name' | 'email'> | undefined,
): PersonRead {
  if (!user) return { id: '', name: 'Nobody', email: '' }
  return { id: user.id, name: nameOf(user), email: user.email }
}

/** The user as the activity log names targets. */
export function userTarget({
  id,
  email,
  given_name,
  family_name,
}: Pick<UserRow, 'id' | 'email' | 'given_name' | 'family_name'>): Target {
  return { type: 'USER', data: { id, email, given_name, family_name } }
}

export function isSelf(actor: Actor, userId: string): boolean {
  return actor.type === 'USER' && actor.id === userId
}
