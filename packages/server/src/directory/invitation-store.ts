/** One-time links with which users of the directory choose a password: the first one, or one for a forgotten one. */
import { createHash, randomBytes } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'

const validMs = 7 * 86_400_000

export type Invitation = { token: string; expiresAt: Date }

/** A new one, which takes the place of older ones of the user. Only a hash of the token is kept. */
export async function insertInvitation(
  tx: Transaction<Tables>,
  now: number,
  { userId, createdBy }: { userId: string; createdBy: string },
): Promise<Invitation> {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(now + validMs)
  await tx.deleteFrom('invitations').where('user_id', '=', userId).execute()
  await tx
    .insertInto('invitations')
    .values({
      hash: hashOf(token),
      user_id: userId,
      created_by: createdBy,
      created_at: new Date(now),
      expires_at: expiresAt,
    })
    .execute()
  return { token, expiresAt }
}

/** The user whom a valid token invites. */
export async function findInvitation(
  db: Kysely<Tables>,
  now: number,
  token: string,
): Promise<{ userId: string; expiresAt: Date } | null> {
  const row = await db
    .selectFrom('invitations')
    .select(['user_id', 'expires_at'])
    .where('hash', '=', hashOf(token))
    .where('expires_at', '>', new Date(now))
    .executeTakeFirst()
  return row ? { userId: row.user_id, expiresAt: row.expires_at } : null
}

/** Uses a token up: the id of the user, for one of several who come at once. */
export async function takeInvitation(
  tx: Transaction<Tables>,
  now: number,
  token: string,
): Promise<string | null> {
  const row = await tx
    .deleteFrom('invitations')
    .where('hash', '=', hashOf(token))
    .where('expires_at', '>', new Date(now))
    .returning('user_id')
    .executeTakeFirst()
  return row?.user_id ?? null
}

/** Until when the open invitation of a user is valid. */
export async function invitedUntil(db: Kysely<Tables>, now: number, userId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('invitations')
    .select('expires_at')
    .where('user_id', '=', userId)
    .where('expires_at', '>', new Date(now))
    .executeTakeFirst()
  return row?.expires_at ?? null
}

// Tokens are random, so a fast hash is enough.
function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
