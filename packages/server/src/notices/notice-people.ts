/** The people behind whom a notice is for. */
import type { Kysely } from 'kysely'
import type { Tables } from '../db/schema.ts'

/** The one principal that is neither a user nor a group; see apps/administrators.ts. */
export const administrators = 'administrators'

/** Ids of the active people behind a user, a group, an app (its app admins), or the administrators. */
export async function readersOf(db: Kysely<Tables>, principalId: string): Promise<string[]> {
  if (principalId === administrators) return activeAdministrators(db)
  if (!principalId.startsWith('app_')) return activeOf(db, [principalId])
  const admins = await activeOf(db, await appAdminsOf(db, principalId))
  // Work of an app that nobody looks after is the administrators'.
  return admins.length > 0 ? admins : activeAdministrators(db)
}

/** Users and groups. */
export async function appAdminsOf(db: Kysely<Tables>, appId: string): Promise<string[]> {
  const rows = await db.selectFrom('app_admins').select('principal_id').where('app_id', '=', appId).execute()
  return rows.map(({ principal_id }) => principal_id)
}

async function activeAdministrators(db: Kysely<Tables>): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where('status', '=', 'active')
    .where('role', '=', 'admin')
    .execute()
  return rows.map(({ id }) => id)
}

async function activeOf(db: Kysely<Tables>, principalIds: readonly string[]): Promise<string[]> {
  if (principalIds.length === 0) return []
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where('status', '=', 'active')
    .where(({ or, eb, selectFrom }) =>
      or([
        eb('id', 'in', [...principalIds]),
        eb(
          'id',
          'in',
          selectFrom('group_members')
            .select('user_id')
            .where('group_id', 'in', [...principalIds]),
        ),
      ]),
    )
    .execute()
  return rows.map(({ id }) => id)
}
