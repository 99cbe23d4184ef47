import type { Context } from '../context.ts'
import type { Principal } from '../http/principal.ts'

/**
 * The principal of a session's user; null when the user is not active any more. Read for every request: who is
 * deactivated is out at once, and who loses a role too.
 */
export async function personOf({ db }: Pick<Context, 'db'>, userId: string): Promise<Principal | null> {
  const user = await db
    .selectFrom('users')
    .select(['id', 'email', 'given_name', 'family_name', 'role'])
    .where('id', '=', userId)
    .where('status', '=', 'active')
    .executeTakeFirst()
  if (!user) return null
  const name = `${user.given_name} ${user.family_name}`.trim() || user.email
  return { kind: 'session', id: user.id, name, email: user.email, role: user.role }
}
