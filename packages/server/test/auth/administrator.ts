/** The first administrator of a test service, and the cookie that a browser would keep. */
import type { PrincipalRead } from '@keyhook/contract/api/access.ts'
import type { ApiAnswer, ApiOptions, TestService } from '../support/harness.ts'

export const ada = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery' }

/** The token of the set-up link. */
export function setupTokenOf(service: Pick<TestService, 'setupUrl'>): string {
  const token = new URL(service.setupUrl ?? 'http://none/#').hash.replace('#token=', '')
  if (!token) throw new Error('there is no set-up link')
  return token
}

/** `POST /setup` with the service's own link, as a browser does it: without a key. */
export function setUp(service: TestService, more: object = {}): Promise<ApiAnswer<PrincipalRead>> {
  return service.api('POST', '/setup', { token: setupTokenOf(service), ...ada, ...more }, { key: null })
}

export function signIn(
  service: Pick<TestService, 'api'>,
  credentials: object = {},
  headers: Record<string, string> = {},
): Promise<ApiAnswer<PrincipalRead>> {
  const body = { email: ada.email, password: ada.password, ...credentials }
  return service.api('POST', '/sign-in', body, { key: null, headers })
}

/** `name=value` of the session cookie that an answer sets. */
export function cookieOf({ headers }: { headers: Headers }): string {
  const cookie = headers.getSetCookie().find((line) => line.includes('session_token'))
  if (!cookie) throw new Error('no session cookie was set')
  return cookie.slice(0, cookie.indexOf(';'))
}

/** Options of a call with a session and no key. */
export function withCookie(cookie: string, headers: Record<string, string> = {}): ApiOptions {
  return { key: null, headers: { cookie, ...headers } }
}
