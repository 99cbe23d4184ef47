/** Behind a proxy that speaks https: KEYHOOK_BASE_URL says so, the server itself is reached over http. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { apiOf, startTestService, type TestService } from '../support/harness.ts'
import { ada, cookieOf, setupTokenOf, withCookie } from './administrator.ts'

const baseUrl = 'https://keyhook.example.com'

let service: TestService
let api: TestService['api']
beforeAll(async () => {
  const port = await freePort()
  service = await startTestService({
    PORT: String(port),
    KEYHOOK_BASE_URL: baseUrl,
    KEYHOOK_ENCRYPTION_KEY: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  })
  api = apiOf(`http://127.0.0.1:${port}`)
})
afterAll(() => service.stop())

const signIn = () =>
  api(
    'POST',
    '/sign-in',
    { email: ada.email, password: ada.password },
    { key: null, headers: { origin: baseUrl } },
  )

describe('with an https address', () => {
  test('the set-up link has it, and the session cookie is sent over https only', async () => {
    expect(service.setupUrl).toMatch(/^https:\/\/keyhook\.example\.com\/setup#token=/)
    const made = await api('POST', '/setup', { token: setupTokenOf(service), ...ada }, { key: null })
    expect(made.status).toBe(201)
    const [value, ...attributes] = (made.headers.getSetCookie()[0] ?? '').split('; ')
    expect(value).toMatch(/^__Secure-keyhook\.session_token=/)
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Lax', 'Secure'])
  })

  test('the console signs in and changes things from it, and from nowhere else', async () => {
    const cookie = cookieOf(await signIn())
    const make = (origin: string) =>
      api(
        'POST',
        '/api-keys',
        { name: 'console' },
        withCookie(cookie, { origin, 'sec-fetch-site': 'same-origin' }),
      )
    expect((await make(baseUrl)).status).toBe(201)
    expect((await make('http://keyhook.example.com')).status).toBe(403)
    expect((await make('https://evil.example')).status).toBe(403)
  })

  test('a cookie without the prefix that only https can set does not count', async () => {
    const cookie = cookieOf(await signIn()).replace('__Secure-', '')
    expect((await api('GET', '/me', undefined, withCookie(cookie))).status).toBe(401)
  })

  test('browsers are told to stay with https', async () => {
    const answer = await api('GET', '/setup', undefined, { key: null })
    expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=31536000/)
  })

  test('problems lead to the documentation at that address', async () => {
    const refused = await api('GET', '/me', undefined, { key: null })
    expect(refused.body).toMatchObject({ type: `${baseUrl}/docs/errors#unauthenticated` })
  })
})
