import type { MeRead } from '@keyhook/contract/api/access.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { ProblemError } from '../lib/problem-error.ts'
import type { Auth } from './auth.ts'
import { readMe } from './me.ts'
import { personOf } from './session-person.ts'

type Credentials = { email: string; password: string }

/** Signs a person in: sets the session cookie on the answer. Throws `sign_in_failed`, also for who is not active. */
export async function signIn(
  ctx: Context,
  auth: Auth,
  { email, password }: Credentials,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<MeRead> {
  const answer = await auth.api.signInEmail({
    body: { email, password },
    headers: headersOf(request),
    asResponse: true,
  })
  if (answer.status >= 500) throw new Error(`sign-in answered ${answer.status}`)
  // The same words whether the address or the password is wrong.
  if (!answer.ok) throw signInFailed()
  const { user } = (await answer.json()) as { user: { id: string } }
  const person = await personOf(ctx, user.id)
  if (!person) throw signInFailed()
  copyCookies(answer.headers, reply)
  return readMe(ctx, person)
}

function signInFailed(): ProblemError {
  return new ProblemError('sign_in_failed', 'The e-mail or the password is not right.')
}

/** Ends the session of the request, if there is one, and clears its cookie. */
export async function signOut(auth: Auth, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const answer = await auth.api.signOut({ headers: headersOf(request), asResponse: true })
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
