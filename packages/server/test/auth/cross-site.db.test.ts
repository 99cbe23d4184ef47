import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'
import { cookieOf, setUp, withCookie } from './administrator.ts'

let service: TestService
let cookie: string
beforeAll(async () => {
  service = await startTestService()
  cookie = cookieOf(await setUp(service))
})
afterAll(() => service.stop())

const body = { name: 'made by a page' }
const countKeys = async () => (await service.api<{ data: unknown[] }>('GET', '/api-keys')).body.data.length

const otherSites: [string, Record<string, string>][] = [
  ['from another origin', { origin: 'https://evil.example' }],
  ['from the same machine on another port', { origin: 'http://127.0.0.1:1' }],
  ['from a sandboxed frame or a file', { origin: 'null' }],
  ['from an origin that is no address', { origin: 'evil' }],
  ['that the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
  ['that the browser calls same-site', { 'sec-fetch-site': 'same-site' }],
]

describe('a change with a session cookie', () => {
  test.each(otherSites)('%s is refused and does nothing', async (_where, headers) => {
    const before = await countKeys()
    const refused = await service.api('POST', '/api-keys', body, withCookie(cookie, headers))
    expect(refused).toMatchObject({ status: 403, body: { code: 'cross_site_request' } })
    expect(await countKeys()).toBe(before)
  })

  test.each(otherSites)('%s cannot end the session either', async (_where, headers) => {
    const refused = await service.api('POST', '/sign-out', undefined, withCookie(cookie, headers))
    expect(refused.status).toBe(403)
    expect((await service.api('GET', '/me', undefined, withCookie(cookie))).status).toBe(200)
  })

  test.each<[string, () => Record<string, string>]>([
    ['from the console', () => ({ origin: service.url, 'sec-fetch-site': 'same-origin' })],
    ['typed by the user', () => ({ 'sec-fetch-site': 'none' })],
    ['from a program without either header', () => ({})],
  ])('%s works', async (_where, headers) => {
    const made = await service.api('POST', '/api-keys', body, withCookie(cookie, headers()))
    expect(made.status).toBe(201)
  })

  test('in a form, which other sites can send without asking, is not read', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const options = withCookie(cookie, { 'content-type': type })
      const refused = await service.api('POST', '/api-keys', undefined, {
        ...options,
        raw: JSON.stringify(body),
      })
      expect(refused.status).toBe(415)
    }
  })
})

test.each(otherSites)('a change with an API key %s works: no page can send one', async (_where, headers) => {
  expect((await service.api('POST', '/api-keys', body, { headers })).status).toBe(201)
  const both = await service.api('POST', '/api-keys', body, { headers: { ...headers, cookie } })
  expect(both.status).toBe(201)
})

test.each(otherSites)('reading with a session cookie %s is left to the browser', async (_where, headers) => {
  const read = await service.api('GET', '/me', undefined, withCookie(cookie, headers))
  expect(read.status).toBe(200)
  expect(read.headers.get('access-control-allow-origin')).toBeNull()
})

test('no other origin may ask for permission', async () => {
  const asked = await fetch(`${service.url}/api/v1/api-keys`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  })
  expect(asked.status).toBe(404)
  expect(asked.headers.get('access-control-allow-origin')).toBeNull()
})
