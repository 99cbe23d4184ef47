/** Accounts: how a user of the directory signs in with a password. The account has the id of its user. */
import type { Kysely, Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { newId } from '../lib/ids.ts'
import type { Auth } from './auth.ts'

/** What better-auth's sign-in with a password looks for. */
const providerId = 'credential'

type Account = { id: string; name: string; email: string; passwordHash: string }

/** Slow on purpose: before a transaction, not in it. */
export async function hashPassword(auth: Auth, plain: string): Promise<string> {
  return (await auth.$context).password.hash(plain)
}

/** Makes the account of a user; one that is there gets the new password. */
export async function writeAccount(
  tx: Transaction<Tables>,
  now: number,
  { id, name, email, passwordHash }: Account,
): Promise<void> {
  const at = new Date(now)
  const shown = { name, email: email.toLowerCase(), updated_at: at }
  await tx
    .insertInto('auth_users')
    .values({ id, ...shown, email_verified: true, created_at: at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(shown))
    .execute()
  const { numUpdatedRows } = await tx
    .updateTable('auth_accounts')
    .set({ password: passwordHash, updated_at: at })
    .where('user_id', '=', id)
    .where('provider_id', '=', providerId)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) return
  await tx
    .insertInto('auth_accounts')
    .values({
      id: newId('usr', now),
      user_id: id,
      account_id: id,
      provider_id: providerId,
      password: passwordHash,
      created_at: at,
      updated_at: at,
    })
    .execute()
}

export async function hasAccount(db: Kysely<Tables>, userId: string): Promise<boolean> {
  return (await passwordHashOf(db, userId)) !== null
}

export async function isPassword(
  db: Kysely<Tables>,
  auth: Auth,
  userId: string,
  plain: string,
): Promise<boolean> {
  const hash = await passwordHashOf(db, userId)
  if (hash === null) return false
  return (await auth.$context).password.verify({ hash, password: plain })
}

async function passwordHashOf(db: Kysely<Tables>, userId: string): Promise<string | null> {
  const row = await db
    .selectFrom('auth_accounts')
    .select('password')
    .where('user_id', '=', userId)
    .where('provider_id', '=', providerId)
    .executeTakeFirst()
  return row?.password ?? null
}
