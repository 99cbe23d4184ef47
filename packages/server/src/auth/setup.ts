/** The one-time link for the first administrator. */
import { createHash, randomBytes } from 'node:crypto'
import type { SetupRequest } from '@keyhook/contract/api/access.ts'
import { sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { newId } from '../lib/ids.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { hashPassword, writeAccount } from './account.ts'
import type { Auth } from './auth.ts'

/** Whether there is an administrator who can sign in. */
export async function isSetUp({ db }: Pick<Context, 'db'>): Promise<boolean> {
  const query = db
    .selectFrom('auth_users')
    .innerJoin('users', 'users.id', 'auth_users.id')
    .select('users.id')
    .where('role', '=', 'admin')
    .limit(1)
  return (await query.executeTakeFirst()) !== undefined
}

/** A new token, which takes the place of older ones; null when there is an administrator already. */
export async function issueSetupToken(ctx: Context): Promise<string | null> {
  if (await isSetUp(ctx)) return null
  const token = randomBytes(24).toString('base64url')
  await ctx.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('setup_tokens').execute()
    await tx
      .insertInto('setup_tokens')
      .values({ hash: hashOf(token), created_at: new Date(ctx.clock()) })
      .execute()
  })
  return token
}

/**
 * Makes the first administrator: user of the directory and account to sign in with, and the token is used up. Of two that
 * come at once one wins. Throws `setup_already_done` or `setup_link_invalid`.
 */
export async function createFirstAdministrator(ctx: Context, auth: Auth, setup: SetupRequest): Promise<void> {
  if (await isSetUp(ctx))
    throw new ProblemError('setup_already_done', 'There is an administrator; sign in instead.')
  const hash = hashOf(setup.token)
  const known = await ctx.db.selectFrom('setup_tokens').select('hash').where('hash', '=', hash).execute()
  if (known.length === 0) throw linkInvalid()
  const passwordHash = await hashPassword(auth, setup.password)
  await ctx.db.transaction().execute(async (tx) => {
    const { numDeletedRows } = await tx.deleteFrom('setup_tokens').where('hash', '=', hash).executeTakeFirst()
    if (numDeletedRows === 0n) throw linkInvalid()
    const now = ctx.clock()
    const user = await writeAdministrator(tx, now, setup)
    await writeAccount(tx, now, { id: user.id, name: setup.name, email: user.email, passwordHash })
    const actor: Actor = { type: 'USER', ...user }
    await appendEvents(tx, now, [
      { type: 'AUTH_CREATED_FIRST_ADMINISTRATOR', actor, targets: [{ type: 'USER', data: user }] },
    ])
  })
}

function linkInvalid(): ProblemError {
  return new ProblemError(
    'setup_link_invalid',
    'Use the link that the server printed when it was last started.',
  )
}

/** A user with this address who is there already, for example by SCIM, becomes administrator. */
async function writeAdministrator(
  tx: Transaction<Tables>,
  now: number,
  setup: SetupRequest,
): Promise<{ id: string; email: string; given_name: string; family_name: string }> {
  const email = setup.email.toLowerCase()
  const at = new Date(now)
  const [given_name = '', ...rest] = setup.name.split(' ')
  return tx
    .insertInto('users')
    .values({
      id: newId('usr', now),
      user_name: email,
      email,
      given_name,
      family_name: rest.join(' '),
      title: null,
      department: null,
      manager_id: null,
      status: 'active',
      role: 'admin',
      source: 'manual',
      external_id: null,
      created_at: at,
      updated_at: at,
      deactivated_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .expression(sql`lower(email)`)
        .where(sql<boolean>`not email_shared`)
        .doUpdateSet({ role: 'admin', status: 'active', deactivated_at: null }),
    )
    .returning(['id', 'email', 'given_name', 'family_name'])
    .executeTakeFirstOrThrow()
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
