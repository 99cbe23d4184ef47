/** User names and e-mail addresses are there once; letter case does not count. */
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { nameOf, type UserRow } from './user.ts'

const words = { user_name: 'user name', email: 'e-mail address' } as const

export async function findUserByName(
  db: Kysely<Tables>,
  by: keyof typeof words,
  name: string,
): Promise<UserRow | null> {
  let query = db
    .selectFrom('users')
    .selectAll()
    .where(sql`lower(${sql.ref(by)})`, '=', sql`lower(${name})`)
  if (by === 'email') query = query.where(sql<boolean>`not email_shared`)
  return (await query.executeTakeFirst()) ?? null
}

/** Throws `user_exists` when a name belongs to somebody else than `userId`. */
export async function requireFreeNames(
  db: Kysely<Tables>,
  userId: string | null,
  names: { user_name?: string; email?: string; email_shared?: boolean },
): Promise<void> {
  for (const by of ['email', 'user_name'] as const) {
    const name = names[by]
    if (name === undefined || (by === 'email' && names.email_shared)) continue
    const user = await findUserByName(db, by, name)
    if (!user || user.id === userId) continue
    const detail = `This ${words[by]} belongs to ${nameOf(user)} (${user.id}).`
    throw new ProblemError('user_exists', detail, { errors: [{ pointer: `/${by}`, detail }] })
  }
}
