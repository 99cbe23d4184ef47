import type { MeRead } from '@keyhook/contract/api/access.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { ProblemError } from '../lib/problem-error.ts'
import type { Authenticator } from './authenticate.ts'
import { readMe } from './me.ts'
import { personOf } from './session-person.ts'
import { endOwnSession, tellFailedSignIn, tellSignIn } from './sign-in-events.ts'

type Credentials = { email: string; password: string }
type SignInParts = Pick<Authenticator, 'auth' | 'refusals'>

/** Signs a person in: sets the session cookie on the answer. Throws `sign_in_failed`, also for who is not active. */
export async function signIn(
  ctx: Context,
  { auth, refusals }: SignInParts,
  { email, password }: Credentials,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<MeRead> {
  const answer = await auth().api.signInEmail({
    body: { email, password },
    headers: headersOf(request),
    asResponse: true,
  })
  if (answer.status >= 500) throw new Error(`sign-in answered ${answer.status}`)
  const signedIn = answer.ok ? ((await answer.json()) as { user: { id: string } }) : null
  const person = signedIn && (await personOf(ctx, signedIn.user.id))
  if (!person) {
    await tellFailedSignIn(ctx, refusals, email, request)
    // The same words whether the address or the password is wrong.
    throw new ProblemError('sign_in_failed', 'The e-mail or the password is not right.')
  }
  await tellSignIn(ctx, person, request)
  copyCookies(answer.headers, reply)
  return readMe(ctx, person)
}

/** Ends the session of the request, if there is one, and clears its cookie. */
export async function signOut(
  ctx: Context,
  { auth }: SignInParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const headers = headersOf(request)
  const session = await auth().api.getSession({ headers, query: { disableRefresh: true } })
  const person = session && (await personOf(ctx, session.user.id))
  if (person) await endOwnSession(ctx, session.session.id, person, request)
  const answer = await auth().api.signOut({ headers, asResponse: true })
  copyCookies(answer.headers, reply)
}

function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers()
  for (const name of ['cookie', 'user-agent', 'origin', 'host']) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  return headers
}

/** Passes on the cookies that better-auth sets. */
export function copyCookies(from: Headers, to: FastifyReply): void {
  for (const cookie of from.getSetCookie()) to.header('set-cookie', cookie)
}
