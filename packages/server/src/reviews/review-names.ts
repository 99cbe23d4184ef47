import { findUsers, nameOf } from '../apps/people.ts'
import type { Context } from '../context.ts'

/** Names of those who did something, stored as the id of a user or the name of an API key. */
export async function namesOf(
  { db }: Pick<Context, 'db'>,
  stored: Iterable<string | null>,
): Promise<(name: string | null) => string | null> {
  const users = await findUsers(db, [...stored].filter((id) => id?.startsWith('usr_')) as string[])
  return (name) => {
    const user = name === null ? undefined : users.get(name)
    return user ? nameOf(user) : name
  }
}
