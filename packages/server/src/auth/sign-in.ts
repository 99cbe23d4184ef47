import type { PrincipalRead } from '@keyhook/contract/api/access.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ProblemError } from '../lib/problem-error.ts'
import type { Auth } from './auth.ts'

type Credentials = { email: string; password: string }

/** Signs a person in: sets the session cookie on the answer. Throws `sign_in_failed`. */
export async function signIn(
  auth: Auth,
  { email, password }: Credentials,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<PrincipalRead> {
  const answer = await auth.api.signInEmail({
    body: { email, password },
    headers: headersOf(request),
    asResponse: true,
  })
  if (answer.status >= 500) throw new Error(`sign-in answered ${answer.status}`)
  // The same words whether the address or the password is wrong.
  if (!answer.ok) throw new ProblemError('sign_in_failed', 'The e-mail or the password is not right.')
  copyCookies(answer.headers, reply)
  const { user } = (await answer.json()) as { user: { id: string; name: string; email: string } }
  return { kind: 'session', id: user.id, name: user.name, email: user.email, role: 'admin' }
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
