/** Offboardings as rows. They begin when a user is deactivated; see directory/offboarding-start.ts. */
import type { OffboardingStatus } from '@keyhook/contract/access-words.ts'
import type { Kysely, Selectable } from 'kysely'
import type { OffboardingTable } from '../db/directory-schema.ts'
import type { Tables } from '../db/schema.ts'

export type OffboardingRow = Selectable<OffboardingTable>

export async function findOffboarding(db: Kysely<Tables>, id: string): Promise<OffboardingRow | null> {
  return (await db.selectFrom('offboardings').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function isRunning(db: Kysely<Tables>, id: string): Promise<boolean> {
  return (await findOffboarding(db, id))?.status === 'running'
}

export type OffboardingFilter = {
  status: OffboardingStatus | undefined
  userId: string | undefined
  after: string | null
  limit: number
}

/** The newest first; one more than `limit` when there are more. */
export function listOffboardings(
  db: Kysely<Tables>,
  { status, userId, after, limit }: OffboardingFilter,
): Promise<OffboardingRow[]> {
  let query = db
    .selectFrom('offboardings')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (status !== undefined) query = query.where('status', '=', status)
  if (userId !== undefined) query = query.where('user_id', '=', userId)
  if (after !== null) query = query.where('id', '<', after)
  return query.execute()
}
