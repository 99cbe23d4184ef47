import type { Kysely } from 'kysely'
import type { Tables } from '../db/schema.ts'

export type Reader = { id: string; email: string; name: string }

/** The one principal that is neither a user nor a group; see apps/administrators.ts. */
const administrators = 'administrators'

/** The active people behind a principal: a user, a group, the app admins of an app, or the administrators. */
export async function readersOf(db: Kysely<Tables>, principalId: string): Promise<Reader[]> {
  const ids = await idsOf(db, principalId)
  let query = db
    .selectFrom('users')
    .select(['id', 'email', 'given_name', 'family_name'])
    .where('status', '=', 'active')
  query = ids === null ? query.where('role', '=', 'admin') : query.where('id', 'in', [...ids, ''])
  const rows = await query.orderBy('id').execute()
  return rows.map(({ id, email, given_name, family_name }) => ({
    id,
    email,
    name: `${given_name} ${family_name}`.trim() || email,
  }))
}

/** null: the administrators. */
async function idsOf(db: Kysely<Tables>, principalId: string): Promise<string[] | null> {
  if (principalId === administrators) return null
  if (principalId.startsWith('usr_')) return [principalId]
  if (principalId.startsWith('grp_')) return membersOf(db, [principalId])
  const admins = await db
    .selectFrom('app_admins')
    .select('principal_id')
    .where('app_id', '=', principalId)
    .execute()
  const principals = admins.map(({ principal_id }) => principal_id)
  return [
    ...principals.filter((id) => id.startsWith('usr_')),
    ...(await membersOf(
      db,
      principals.filter((id) => id.startsWith('grp_')),
    )),
  ]
}

async function membersOf(db: Kysely<Tables>, groupIds: readonly string[]): Promise<string[]> {
  if (groupIds.length === 0) return []
  const rows = await db
    .selectFrom('group_members')
    .select('user_id')
    .where('group_id', 'in', [...groupIds])
    .execute()
  return rows.map(({ user_id }) => user_id)
}
