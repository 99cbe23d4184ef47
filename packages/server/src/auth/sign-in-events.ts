/** Signing in and out as the activity log tells it. */
import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { actorData, actorOf, type NewEvent, type Target, unknown } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { Principal } from '../http/principal.ts'
import type { Refusals } from './refused-access.ts'

type FailureReason = 'unknown_email' | 'no_password' | 'deactivated' | 'wrong_password' | 'too_many_tries'
type Store = Pick<Context, 'db' | 'clock'>

/** Longer names of browsers are cut. */
const mostUserAgent = 200

/** To be committed before the caller gets the session: one that nobody was given is none. */
export async function tellSignIn(
  { db, clock }: Store,
  person: Principal,
  request: FastifyRequest,
): Promise<void> {
  const event: NewEvent = {
    type: 'AUTH_SIGNED_IN',
    actor: actorOf(person),
    targets: [targetOf(person)],
    metadata: fromWhere(request),
  }
  await db.transaction().execute((tx) => appendEvents(tx, clock(), [event]))
}

/**
 * Tells of a try that failed. Of the tries for one address from one place one is told a minute, whether the address is
 * somebody's or not: how long it takes must not tell.
 */
export async function tellFailedSignIn(
  { db }: Store,
  refusals: Refusals,
  email: string,
  request: FastifyRequest,
  limited = false,
): Promise<void> {
  const wanted = email.toLowerCase()
  const found = await db
    .selectFrom('users')
    .leftJoin('auth_accounts', 'auth_accounts.user_id', 'users.id')
    .select(['users.id', 'email', 'given_name', 'family_name', 'status', 'auth_accounts.id as account'])
    .where(({ fn }) => fn<string>('lower', ['email']), '=', wanted.replaceAll('\0', ''))
    .where('email_shared', '=', false)
    .executeTakeFirst()
  const reason = limited ? 'too_many_tries' : reasonFor(found)
  const { id, given_name, family_name } = found ?? {}
  await refusals.tell(['sign-in', request.ip, wanted], {
    type: 'AUTH_SIGN_IN_FAILED',
    actor: unknown,
    outcome: 'FAILED',
    targets: found ? [{ type: 'USER', data: { id, email: found.email, given_name, family_name } }] : [],
    metadata: { reason, email: found?.email ?? addressIn(email), ...fromWhere(request) },
  })
}

/** Ends a session, with its entry in the log. */
export async function endOwnSession(
  { db, clock }: Store,
  sessionId: string,
  person: Principal,
  request: FastifyRequest,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const query = tx.deleteFrom('auth_sessions').where('id', '=', sessionId)
    const { numDeletedRows } = await query.executeTakeFirst()
    if (numDeletedRows === 0n) return
    const actor = actorOf(person)
    await appendEvents(tx, clock(), [
      { type: 'AUTH_SIGNED_OUT', actor, targets: [targetOf(person)], metadata: fromWhere(request) },
    ])
  })
}

function reasonFor(user: { status: string; account: string | null } | undefined): FailureReason {
  if (!user) return 'unknown_email'
  if (user.status !== 'active') return 'deactivated'
  return user.account === null ? 'no_password' : 'wrong_password'
}

/** What was typed, if it is an address: some people type their password in the wrong field. */
function addressIn(text: string): string | null {
  return /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(text) ? text.toLowerCase() : null
}

function targetOf(person: Principal): Target {
  return { type: 'USER', data: actorData(actorOf(person)) }
}

function fromWhere(request: FastifyRequest): { ip: string; user_agent: string | null } {
  return {
    ip: request.ip,
    user_agent: request.headers['user-agent']?.slice(0, mostUserAgent) ?? null,
  }
}
