/** People and groups by id, as answers name them. */
import type { PersonRead, PrincipalRef } from '@keyhook/contract/api/access-parts.ts'
import type { Kysely, Selectable } from 'kysely'
import type { UserTable } from '../db/directory-schema.ts'
import type { Tables } from '../db/schema.ts'
import { administrators } from './administrators.ts'

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

export function readPerson(user: UserRow | undefined): PersonRead {
  if (!user) return { id: '', name: 'Nobody', email: '' }
  return { id: user.id, name: nameOf(user), email: user.email }
}

/** Names for users, groups, apps (their app admins) and the administrators; what is gone has none. */
export async function findPrincipals(
  db: Kysely<Tables>,
  ids: Iterable<string>,
): Promise<Map<string, PrincipalRef>> {
  const wanted = [...new Set(ids)]
  const of = (prefix: string) => wanted.filter((id) => id.startsWith(`${prefix}_`))
  const found = new Map<string, PrincipalRef>()
  for (const user of (await findUsers(db, of('usr'))).values()) {
    found.set(user.id, { id: user.id, name: nameOf(user), kind: 'user', active: user.status === 'active' })
  }
  const named = async (table: 'groups' | 'apps', list: string[], text: (name: string) => string) => {
    if (list.length === 0) return
    const rows = await db.selectFrom(table).select(['id', 'name']).where('id', 'in', list).execute()
    for (const { id, name } of rows) found.set(id, { id, name: text(name), kind: 'group', active: true })
  }
  await named('groups', of('grp'), (name) => name)
  await named('apps', of('app'), (name) => `App admins of ${name}`)
  if (wanted.includes(administrators))
    found.set(administrators, {
      id: administrators,
      name: 'Administrators',
      kind: 'group',
      active: true,
    })
  return found
}
