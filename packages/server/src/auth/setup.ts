/** The one-time link for the first administrator. */
import { createHash, randomBytes } from 'node:crypto'
import type { SetupRequest } from '@keyhook/contract/api/access.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { newId } from '../lib/ids.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { createAccount } from './account.ts'
import type { Auth } from './auth.ts'

export async function isSetUp(ctx: Context): Promise<boolean> {
  return (await ctx.db.selectFrom('auth_users').select('id').limit(1).executeTakeFirst()) !== undefined
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
 * Makes the first administrator. The token is taken out first, so of two that come at once one wins; it is put back
 * when the administrator could not be made. Throws `setup_already_done` or `setup_link_invalid`.
 */
export async function createFirstAdministrator(ctx: Context, auth: Auth, setup: SetupRequest): Promise<void> {
  if (await isSetUp(ctx))
    throw new ProblemError('setup_already_done', 'There is an administrator; sign in instead.')
  const hash = hashOf(setup.token)
  const taken = await ctx.db
    .deleteFrom('setup_tokens')
    .where('hash', '=', hash)
    .returning('created_at')
    .executeTakeFirst()
  if (!taken) {
    throw new ProblemError(
      'setup_link_invalid',
      'Use the link that the server printed when it was last started.',
    )
  }
  try {
    await createAdministrator(ctx, auth, setup)
  } catch (error) {
    await ctx.db.insertInto('setup_tokens').values({ hash, created_at: taken.created_at }).execute()
    throw error
  }
}

/** User of the directory and account to sign in with. A crash in between leaves a user without account, whom the next try takes. */
async function createAdministrator(ctx: Context, auth: Auth, setup: SetupRequest): Promise<void> {
  const email = setup.email.toLowerCase()
  const now = new Date(ctx.clock())
  const [given_name = '', ...rest] = setup.name.split(' ')
  const user = await ctx.db
    .insertInto('users')
    .values({
      id: newId('usr', ctx.clock()),
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
      created_at: now,
      updated_at: now,
      deactivated_at: null,
    })
    .onConflict((conflict) =>
      conflict.expression(sql`lower(email)`).doUpdateSet({ role: 'admin', status: 'active' }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  await createAccount(auth, { id: user.id, name: setup.name, email, plain: setup.password })
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
