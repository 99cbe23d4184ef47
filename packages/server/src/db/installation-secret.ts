import { randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'

const name = 'session_secret'
const place = `settings/${name}`

/**
 * What signs session cookies: random, made once and kept sealed. It is not derived from the encryption key, so that
 * people stay signed in when that key is rotated.
 */
export async function sessionSecret(ctx: Context): Promise<string> {
  const made = ctx.secretBox.seal(place, randomBytes(32))
  // Of several processes that start at once the first one's value stands.
  await ctx.db
    .insertInto('settings')
    .values({ name, sealed_value: made })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await ctx.db
    .selectFrom('settings')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return Buffer.from(ctx.secretBox.open(place, row.sealed_value)).toString('base64url')
}
