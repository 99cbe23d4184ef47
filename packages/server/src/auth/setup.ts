/** The one-time link for the first administrator. */
import { createHash, randomBytes } from 'node:crypto'
import type { SetupRequest } from '@keyhook/contract/api/access.ts'
import type { Context } from '../context.ts'
import { ProblemError } from '../lib/problem-error.ts'
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
    await createPerson(auth, setup)
  } catch (error) {
    await ctx.db.insertInto('setup_tokens').values({ hash, created_at: taken.created_at }).execute()
    throw error
  }
}

/** A person who signs in with a password: user and account in one transaction, so that a crash leaves no half. */
async function createPerson(auth: Auth, { name, email, password: plain }: SetupRequest): Promise<void> {
  const { adapter, password } = await auth.$context
  const hashed = await password.hash(plain)
  const now = new Date()
  const dates = { createdAt: now, updatedAt: now }
  await adapter.transaction(async (tx) => {
    const person = { name, email: email.toLowerCase(), emailVerified: true, ...dates }
    const user = await tx.create<typeof person, { id: string }>({ model: 'user', data: person })
    await tx.create({
      model: 'account',
      // What sign-in with a password looks for.
      data: { userId: user.id, accountId: user.id, providerId: 'credential', password: hashed, ...dates },
    })
  })
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
