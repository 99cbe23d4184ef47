import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createRefusals } from '../../src/auth/refused-access.ts'
import { scimRoutes } from '../../src/scim/scim-routes.ts'
import { startTestService, type TestService } from '../support/harness.ts'
import {
  enterpriseUrn,
  errorUrn,
  newUser,
  patch,
  type ScimClient,
  type ScimOptions,
  scimClient,
  userUrn,
} from './scim-client.ts'

let service: TestService
let client: ScimClient
let id: string
beforeAll(async () => {
  service = await startTestService()
  client = await scimClient(service)
  id = (await client.call('POST', '/Users', newUser('Victim One'))).body.id
})
afterAll(() => service.stop())

const post = (raw: string, headers: ScimOptions['headers'] = {}) =>
  client.call('POST', '/Users', undefined, { raw, headers })

describe('a body is refused that', () => {
  test.each<[string, string, number, string | undefined]>([
    ['is no JSON', '{"userName": tre}', 400, 'invalidSyntax'],
    ['is cut off', '{"userName": "a"', 400, 'invalidSyntax'],
    ['is a list', '[]', 400, 'invalidSyntax'],
    ['is text', '"userName"', 400, 'invalidSyntax'],
    ['is null', 'null', 400, 'invalidSyntax'],
    ['is nested deeper than any message', `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`, 400, 'invalidSyntax'],
    ['is nested without end', '['.repeat(100_000), 400, 'invalidSyntax'],
    ['is too large', JSON.stringify({ userName: 'a', title: 'x'.repeat(4 * 1_048_576) }), 413, undefined],
  ])('%s', async (_what, raw, status, scimType) => {
    const refused = await post(raw)
    expect(refused.status, refused.text).toBe(status)
    expect(refused.body).toMatchObject({
      schemas: [errorUrn],
      status: String(status),
      detail: expect.any(String),
    })
    expect(refused.body.scimType).toBe(scimType)
    expect(refused.headers.get('content-type')).toMatch(/^application\/scim\+json/)
  })

  test('has another content type', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      'multipart/form-data',
    ]) {
      const refused = await post(JSON.stringify(newUser('Other Type')), { 'content-type': type })
      expect(refused, type).toMatchObject({ status: 415, body: { schemas: [errorUrn], status: '415' } })
    }
    for (const type of ['application/json', 'application/scim+json; charset=utf-8']) {
      const taken = await post(JSON.stringify(newUser(`Type ${type.length}`)), { 'content-type': type })
      expect(taken.status).toBe(201)
    }
  })
})

describe('a user is refused', () => {
  test.each<[string, object, RegExp]>([
    ['without userName', { userName: undefined }, /^userName/],
    ['with empty userName', { userName: ' ' }, /^userName/],
    ['with a userName that is an object', { userName: {} }, /^userName/],
    ['with a long userName', { userName: 'x'.repeat(255) }, /^userName: At most 254/],
    ['with a userName of two lines', { userName: 'a\nb' }, /^userName: Must be one line/],
    ['with U+0000 in the userName', { userName: 'a\0b' }, /^userName/],
    ['with half a character', { title: '\ud800' }, /^title/],
    [
      'with text that turns its direction',
      { name: { givenName: 'a\u202eb' } },
      /^name\.givenName: Must be one line/,
    ],
    ['with a long title', { title: 'x'.repeat(201) }, /^title: At most 200/],
    ['with emails that are a boolean', { emails: true }, /^emails/],
    [
      'with a long address',
      { emails: [{ value: `${'x'.repeat(400)}@example.com` }, { value: 'a@example.com' }] },
      /^emails may have 320/,
    ],
    [
      'with a hundred and one addresses',
      { emails: Array(101).fill({ value: 'a@example.com' }) },
      /^emails may have 100/,
    ],
    ['with a name that is a list', { name: ['Ada'] }, /^name must be an object/],
    ['with an active that is none', { active: 'perhaps' }, /^active must be true or false/],
    ['with a long externalId', { externalId: 'x'.repeat(255) }, /^externalId may have 254/],
    ['with a long displayName', { displayName: 'x'.repeat(401) }, /^displayName may have 400/],
    ['with an extension that is text', { [enterpriseUrn]: 'Navy' }, /must be an object/],
    [
      'with a long manager',
      { [enterpriseUrn]: { manager: { value: 'x'.repeat(255) } } },
      /^manager may have 254/,
    ],
    [
      'with a department of two lines',
      { [enterpriseUrn]: { department: 'a\nb' } },
      /^department: Must be one line/,
    ],
  ])('%s', async (_what, more, detail) => {
    const refused = await client.call('POST', '/Users', newUser('Refused One', { ...more }))
    expect(refused, refused.text).toMatchObject({
      status: 400,
      body: { schemas: [errorUrn], scimType: 'invalidValue', detail: expect.stringMatching(detail) },
    })
    const { body } = await client.call(
      'GET',
      `/Users?filter=${encodeURIComponent('userName sw "refused.one"')}`,
    )
    expect(body.totalResults).toBe(0)
  })
})

test('what is unknown, inherited or somebody else’s is ignored', async () => {
  const raw = JSON.stringify(newUser('Innocent One')).replace(
    '{',
    '{"__proto__":{"role":"admin","userName":"x"},"constructor":{"prototype":{"role":"admin"}},"role":"admin","id":"usr_0","source":"manual","meta":{"version":"W/\\"99\\""},"shoes":[1,{"a":2}],',
  )
  const made = await post(raw)
  expect(made.status, made.text).toBe(201)
  expect(made.text).not.toContain('shoes')
  expect(made.body.meta.version).toBe('W/"1"')
  const read = await service.api('GET', `/users/${made.body.id}`)
  expect(read.body).toMatchObject({ role: 'person', source: 'scim' })
  expect(({} as { role?: unknown }).role).toBeUndefined()
})

test('addresses that cannot be read are refused in the words of SCIM', async () => {
  for (const path of [
    '/Users?filter=%00',
    '/Users/%00',
    `/Users/${'x'.repeat(150)}`,
    `/Users/${encodeURIComponent("' or 1=1 --")}`,
    '/Users/..%2f..%2fapi',
  ]) {
    const answer = await client.call('GET', path)
    expect([400, 404], path).toContain(answer.status)
    expect(answer.body.schemas).toEqual([errorUrn])
  }
})

test('a PATCH is bounded', async () => {
  const operations = Array.from({ length: 1_001 }, () => ({ op: 'add', path: 'title', value: 'x' }))
  expect(await client.call('PATCH', `/Users/${id}`, patch(...operations))).toMatchObject({ status: 400 })
  expect((await client.call('PATCH', `/Users/${id}`, patch(...operations.slice(1)))).status).toBe(204)
  const emails = Array.from({ length: 60 }, (_value, number) => ({ value: `v${number}@example.com` }))
  const add = (list: object[]) => patch({ op: 'add', path: 'emails', value: list })
  expect((await client.call('PATCH', `/Users/${id}`, add(emails))).status).toBe(204)
  const more = emails.map(({ value }) => ({ value: `w${value}` }))
  expect(await client.call('PATCH', `/Users/${id}`, add(more))).toMatchObject({
    status: 400,
    body: { scimType: 'invalidValue' },
  })
})

test('attributes that exclude one another are refused', async () => {
  const answer = await client.call('GET', `/Users/${id}?attributes=title&excludedAttributes=emails`)
  expect(answer).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } })
  const unknown = await client.call('GET', `/Users/${id}?attributes=__proto__,constructor,shoes`)
  expect(unknown.body).toEqual({ schemas: [userUrn], id })
})

test('who provisions faster than a hundred a second is asked to wait, and nobody else', async () => {
  const fast = await scimClient(service, 'Fast')
  const [first, second] = [await fast.call('GET', '/Users'), await fast.call('GET', '/Groups')]
  expect(first.headers.get('x-ratelimit-limit')).toBe('6000')
  expect(first.headers.get('x-ratelimit-remaining')).toBe('5999')
  expect(second.headers.get('x-ratelimit-remaining')).toBe('5998')

  // The same routes with a limit that is reached at once.
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(scimRoutes(service.ctx, createRefusals(service.ctx), 2), { prefix: '/scim/v2' })
  const ask = (token: string) =>
    app.inject({ url: '/scim/v2/Users?count=0', headers: { authorization: `Bearer ${token}` } })
  expect([(await ask(fast.token)).statusCode, (await ask(fast.token)).statusCode]).toEqual([200, 200])
  const refused = await ask(fast.token)
  expect(refused.statusCode).toBe(429)
  expect(refused.json()).toMatchObject({ schemas: [errorUrn], status: '429' })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await ask(client.token)).statusCode).toBe(200)
})
