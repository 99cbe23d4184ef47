import { Writable } from 'node:stream'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { ScimTokenCreated, ScimTokenRead } from '@keyhook/contract/api/scim-token.ts'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventsAbout } from '../directory/events-about.ts'
import { startTestService, type TestService, testKey } from '../support/harness.ts'
import { callerOf, errorUrn, newUser, scimClient } from './scim-client.ts'

let now = Date.UTC(2026, 0, 1)
let service: TestService
const logged: string[] = []
beforeAll(async () => {
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk))
      done()
    },
  })
  const log = pino({ level: 'trace' }, sink) as never
  service = await startTestService({}, { clock: () => now, log })
})
afterAll(() => service.stop())

const make = (body: object = { name: 'Okta' }) => service.api<ScimTokenCreated>('POST', '/scim-tokens', body)
const list = async () => (await service.api<{ data: ScimTokenRead[] }>('GET', '/scim-tokens')).body.data
const users = (token: string | null, headers: Record<string, string> = {}) =>
  callerOf(service.url, '')('GET', '/Users', undefined, { token, headers })

describe('a SCIM token', () => {
  test('is shown once, works at once, and is in the log by its name', async () => {
    const made = await make()
    expect(made.status).toBe(201)
    const { token, ...read } = made.body
    expect(made.body).toEqual({
      id: expect.stringMatching(/^sct_[0-9a-f]{32}$/),
      name: 'Okta',
      hint: `${token.slice(0, 12)}…`,
      created_by: 'KEYHOOK_BOOTSTRAP_KEY',
      created_at: new Date(now).toISOString(),
      last_used_at: null,
      token: expect.stringMatching(/^kh_scim_[0-9A-Za-z]{36}$/),
    })
    expect((await users(token)).status).toBe(200)
    const answer = await service.api('GET', '/scim-tokens')
    expect(answer.text).toContain(read.id)
    expect(answer.text).not.toContain(token.slice(13))
    const [event] = await eventsAbout(service, read.id)
    expect(event).toMatchObject({
      type: 'DIRECTORY_CREATED_SCIM_TOKEN',
      targets: [{ target_type: 'SCIM_TOKEN', target_data: { id: read.id, name: 'Okta' } }],
    })
    expect(JSON.stringify(event)).not.toContain(token.slice(13))
  })

  test('is kept as a hash only', async () => {
    const { id, token } = (await make()).body
    const query = sql<{ row: string }>`select t::text as row from scim_tokens t where id = ${id}`
    const row = (await query.execute(service.ctx.db)).rows[0]?.row ?? ''
    for (const form of ['utf8', 'hex', 'base64'] as const)
      expect(row).not.toContain(Buffer.from(token.slice(13)).toString(form))
  })

  test('that is revoked ends at once, and is off the list', async () => {
    const { id, token } = (await make()).body
    expect((await users(token)).status).toBe(200)
    expect((await service.api('DELETE', `/scim-tokens/${id}`)).status).toBe(204)
    expect((await users(token)).status).toBe(401)
    expect((await list()).map((one) => one.id)).not.toContain(id)
    const events = await eventsAbout(service, id)
    expect(events.map(({ type }) => type)).toContain('DIRECTORY_REVOKED_SCIM_TOKEN')
    for (const gone of [id, 'sct_0', '__proto__']) {
      expect(await service.api('DELETE', `/scim-tokens/${gone}`)).toMatchObject({ status: 404 })
    }
  })

  test('opens SCIM and nothing else, and nothing else opens SCIM', async () => {
    const { token } = (await make()).body
    expect((await service.api('GET', '/users', undefined, { key: token })).status).toBe(401)
    expect((await users(testKey)).status).toBe(401)
  })

  test('says when it was used last, to the minute', async () => {
    const { id, token } = (await make()).body
    const used = async () => (await list()).find((one) => one.id === id)?.last_used_at
    const start = now
    await users(token)
    await expect.poll(used).toBe(new Date(start).toISOString())
    now = start + 59_999
    await users(token)
    now = start + 60_000
    await users(token)
    await expect.poll(used).toBe(new Date(start + 60_000).toISOString())
  })

  test.each<[string, object, string]>([
    ['no name', {}, '/name'],
    ['a blank name', { name: ' ' }, '/name'],
    ['a name of two lines', { name: 'a\nb' }, '/name'],
    ['an unknown member', { name: 'a', token: 'kh_scim_mine' }, '/token'],
  ])('with %s is refused by name', async (_what, body, pointer) => {
    const refused = await service.api<Problem>('POST', '/scim-tokens', body)
    expect(refused.status).toBe(422)
    expect(refused.body.errors.map((error) => error.pointer)).toEqual([pointer])
  })
})

test.each<[string, Record<string, string>]>([
  ['nothing', {}],
  ['a token that does not exist', { authorization: `Bearer kh_scim_${'0'.repeat(36)}` }],
  ['a token of another form', { authorization: 'Bearer secret' }],
  ['no token', { authorization: 'Bearer' }],
  ['another scheme', { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }],
  ['an endless token', { authorization: `Bearer kh_scim_${'0'.repeat(8_000)}` }],
  ['a session', { cookie: 'keyhook.session_token=abc' }],
])('%s is refused in the words of SCIM', async (_what, headers) => {
  for (const path of ['/Users', '/Groups/grp_0', '/ServiceProviderConfig', '/nothing']) {
    const refused = await callerOf(service.url, '')('GET', path, undefined, { token: null, headers })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="Keyhook SCIM"')
    expect(refused.headers.get('content-type')).toMatch(/^application\/scim\+json/)
    expect(refused.body).toMatchObject({ schemas: [errorUrn], status: '401' })
  }
})

test('no token is in the log, whatever goes wrong', async () => {
  const client = await scimClient(service)
  await client.call('POST', '/Users', newUser('Log Lady'))
  await client.call('POST', '/Users', undefined, { raw: `{"userName": "${client.token}"` })
  await client.call('GET', `/Users?filter=${client.token}`)
  await users(`${client.token}x`)
  // A failure of the database, as far as one can be had.
  await sql`alter table scim_users rename to scim_users_gone`.execute(service.ctx.db)
  const failed = await client.call('GET', '/Users?filter=emails%20eq%20%22a%22')
  await sql`alter table scim_users_gone rename to scim_users`.execute(service.ctx.db)
  expect(failed).toMatchObject({ status: 500, body: { schemas: [errorUrn], status: '500' } })
  expect(failed.text).not.toContain('scim_users')
  const lines = logged.join('\n')
  expect(lines).toContain('a SCIM request failed')
  expect(lines).not.toContain(client.token)
})
