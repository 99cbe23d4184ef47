/** Finding users by a part of what they are called. */
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../db/schema.ts'

/**
 * That the name, the e-mail address or the user name contains `q`, in any letter case; of a single letter, that one of
 * their words begins with it. The index `users_by_letters` finds who has all pairs of letters of `q`.
 */
export function userFoundBy(q: string) {
  const text = q.trim()
  const part = sql<string>`lower(${[...text].length === 1 ? ` ${text}` : text})`
  const person = sql<string>`person_text(given_name, family_name, email, user_name)`
  // Not `like`: of that the database believes that hardly anybody is found, and would not read in order what many have.
  return sql<boolean>`(letter_pairs(${person}) @> letter_pairs(${part}) and strpos(${person}, ${part}) > 0)`
}

/** Active users in alphabetical order, `q` or all. */
export function activeUsers(db: Kysely<Tables>, { q, limit }: { q: string; limit: number }) {
  let query = db.selectFrom('users').selectAll().where('status', '=', 'active')
  if (q.trim() !== '') query = query.where(userFoundBy(q))
  return query.orderBy('given_name').orderBy('family_name').orderBy('id').limit(limit)
}
