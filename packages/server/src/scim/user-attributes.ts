/** What a client sent of a user beyond the directory's own members. */
import { isDeepStrictEqual } from 'node:util'
import { sql, type Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { type UserRow, userTarget } from '../directory/user.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { UserDraft } from './user-draft.ts'
import type { Stored } from './user-resource.ts'

type Change = { now: number; before: Stored | null; actor: Actor }

/** `waitsFor`: the name of a manager who is not there yet. A change of a user who was there before is told in the log. */
export async function storeAttributes(
  tx: Transaction<Tables>,
  user: UserRow,
  { attributes, displayName, emails }: UserDraft,
  waitsFor: string | null,
  change?: Change,
): Promise<void> {
  const values = {
    attributes: JSON.stringify(attributes),
    display_name: displayName,
    emails,
    manager: waitsFor,
  }
  await tx
    .insertInto('scim_users')
    .values({ user_id: user.id, ...values })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values))
    .execute()
  if (change) await tellChange(tx, user, change.before?.attributes ?? {}, attributes, change)
}

/** The log has the names of what changed, not the telephone numbers and addresses themselves. */
async function tellChange(
  tx: Transaction<Tables>,
  user: UserRow,
  before: Stored['attributes'],
  after: Stored['attributes'],
  { now, actor }: Change,
): Promise<void> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  )
  if (names.length === 0) return
  await tx
    .updateTable('users')
    .set({ version: sql`version + 1`, updated_at: new Date(now) })
    .where('id', '=', user.id)
    .execute()
  await appendEvents(tx, now, [
    {
      type: 'DIRECTORY_UPDATED_USER',
      actor,
      targets: [userTarget(user)],
      metadata: { scim_attributes: names },
    },
  ])
}
