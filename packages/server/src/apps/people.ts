/** People and groups by id, as answers name them. */
import type { PrincipalRef } from '@keyhook/contract/api/access-parts.ts'
import type { Kysely } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { findUsers, nameOf } from '../directory/user.ts'
import { administrators } from './administrators.ts'

export { findUsers, nameOf, readPerson, type UserRow } from '../directory/user.ts'

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
