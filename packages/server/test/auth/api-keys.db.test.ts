import type { ApiKeyCreated, ApiKeyRead } from '@keyhook/contract/api/access.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { serviceForTest, startTestService, type TestService, testKey } from '../support/harness.ts'
import { cookieOf, setUp } from './administrator.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const make = (at: TestService = service, body: object = { name: 'ci' }) =>
  at.api<ApiKeyCreated>('POST', '/api-keys', body)
const list = async (at: TestService = service) =>
  (await at.api<{ data: ApiKeyRead[] }>('GET', '/api-keys')).body.data
const statusWith = async (key: string, at: TestService = service) =>
  (await at.api('GET', '/me', undefined, { key })).status

describe('making a key', () => {
  test('shows it this once, and it works at once', async () => {
    const made = await make()
    expect(made.status).toBe(201)
    expect(made.body).toEqual({
      id: expect.stringMatching(/^key_[0-9a-f]{32}$/),
      name: 'ci',
      role: 'admin',
      hint: `${made.body.key.slice(0, 7)}…`,
      created_by: 'KEYHOOK_BOOTSTRAP_KEY',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      last_used_at: null,
      key: expect.stringMatching(/^kh_[0-9A-Za-z]{36}$/),
    })
    const me = await service.api('GET', '/me', undefined, { key: made.body.key })
    expect(me.body).toEqual({
      kind: 'api_key',
      id: made.body.id,
      name: 'ci',
      email: null,
      role: 'admin',
      app_admin_of: [],
    })

    const { key, ...read } = made.body
    const listed = (await list()).find(({ id }) => id === read.id)
    expect({ ...listed, last_used_at: null }).toEqual(read)
    const answer = await service.api('GET', '/api-keys')
    expect(answer.text).not.toContain(key)
    expect(answer.text).not.toContain(key.slice(8))
  })

  test('keeps only its hash', async () => {
    const { key, id } = (await make()).body
    const query = sql<{ row: string }>`select k::text as row from api_keys k where id = ${id}`
    const row = (await query.execute(service.ctx.db)).rows[0]?.row ?? ''
    for (const form of ['utf8', 'hex', 'base64'] as const) {
      expect(row).not.toContain(Buffer.from(key.slice(8)).toString(form))
    }
  })

  test('is possible several times with the same name; the list has the newest first', async () => {
    const made = [(await make()).body.id, (await make()).body.id]
    expect((await list()).slice(0, 2).map(({ id }) => id)).toEqual(made.reverse())
  })

  test.each<[string, object, string, string]>([
    ['no name', {}, '/name', 'Required.'],
    ['a blank name', { name: ' ' }, '/name', 'Must not be empty'],
    ['a name that is a number', { name: 5 }, '/name', 'Must be text.'],
    ['a name of two lines', { name: 'a\nb' }, '/name', 'Must be one line of text without control characters'],
    ['a long name', { name: 'x'.repeat(101) }, '/name', 'At most 100 characters'],
    ['a role that does not exist', { name: 'a', role: 'owner' }, '/role', 'Must be admin.'],
    ['an unknown member', { name: 'a', key: 'kh_mine' }, '/key', 'There is no such member.'],
  ])('with %s is refused by name', async (_what, body, pointer, detail) => {
    const before = (await list()).length
    const refused = await service.api<Problem>('POST', '/api-keys', body)
    expect(refused.status).toBe(422)
    expect(refused.body.errors).toEqual([{ pointer, detail }])
    expect((await list()).length).toBe(before)
  })
})

describe('revoking a key', () => {
  test('ends it at once, also while it is used, and takes it off the list', async () => {
    const { id, key } = (await make()).body
    const others = (await list()).length - 1
    expect(await statusWith(key)).toBe(200)
    const using = Array.from({ length: 20 }, () => statusWith(key))
    const revoked = await service.api('DELETE', `/api-keys/${id}`)
    expect(revoked.status).toBe(204)
    expect(await statusWith(key)).toBe(401)
    await Promise.all(using)
    expect(await statusWith(key)).toBe(401)
    expect((await list()).length).toBe(others)
  })

  test('is possible once; unknown keys are not found', async () => {
    const { id } = (await make()).body
    expect((await service.api('DELETE', `/api-keys/${id}`)).status).toBe(204)
    for (const gone of [id, 'key_0', '__proto__']) {
      const answer = await service.api('DELETE', `/api-keys/${gone}`)
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
    }
  })

  test('can be done with the key itself', async () => {
    const { id, key } = (await make()).body
    expect((await service.api('DELETE', `/api-keys/${id}`, undefined, { key })).status).toBe(204)
    expect(await statusWith(key)).toBe(401)
  })

  test('in another process holds here after five seconds', async () => {
    let now = Date.UTC(2026, 0, 1)
    const here = await serviceForTest({}, { clock: () => now })
    const { id, key } = (await make(here)).body
    expect(await statusWith(key, here)).toBe(200)
    await sql`update api_keys set revoked_at = now() where id = ${id}`.execute(here.ctx.db)
    now += 4_999
    expect(await statusWith(key, here)).toBe(200)
    now += 1
    expect(await statusWith(key, here)).toBe(401)
  })
})

describe('a credential that does not work', () => {
  test.each<[string, string]>([
    ['a key that does not exist', `Bearer kh_${'0'.repeat(36)}`],
    ['a key of another form', 'Bearer secret'],
    ['no key', 'Bearer'],
    ['nothing', ''],
    ['another scheme', `Basic ${Buffer.from('a:b').toString('base64')}`],
    ['a good key without scheme', testKey],
    ['a good key and more', `Bearer ${testKey} x`],
    ['a good key with more behind it', `Bearer ${testKey}x`],
    ['a good key in capitals', `Bearer ${testKey.toUpperCase()}`],
    ['an endless key', `Bearer kh_${'0'.repeat(8_000)}`],
    ['a forged local token', `Bearer khl_${'0'.repeat(43)}`],
  ])('is refused, and said how to do it right: %s', async (_what, authorization) => {
    const refused = await service.api('GET', '/me', undefined, { key: null, headers: { authorization } })
    expect(refused).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    expect(refused.headers.get('www-authenticate')).toBe('Bearer')
  })

  test('never falls back to a good session', async () => {
    const here = await serviceForTest()
    const cookie = cookieOf(await setUp(here))
    const withBoth = (authorization: string) =>
      here.api('GET', '/me', undefined, { key: null, headers: { cookie, authorization } })
    for (const wrong of [`Bearer kh_${'0'.repeat(36)}`, 'Bearer', '', 'Basic YTpi']) {
      expect((await withBoth(wrong)).status, wrong).toBe(401)
    }
    expect((await withBoth(`Bearer ${testKey}`)).body).toMatchObject({ kind: 'api_key' })
    expect((await withBoth(`bearer ${testKey}`)).body).toMatchObject({ kind: 'api_key' })
  })

  test('in a query does not count', async () => {
    const answer = await service.api('GET', `/me?access_token=${testKey}`, undefined, { key: null })
    expect(answer.status).toBe(401)
  })
})

describe('checking a key', () => {
  test('that was checked a moment ago asks the database nothing', async () => {
    // A new one: what tests before have checked may be trusted for no more than a moment.
    const { key } = (await make()).body
    expect(await statusWith(key)).toBe(200)
    await service.ctx.db.transaction().execute(async (tx) => {
      // Whoever asks for a key now waits until this transaction has ended.
      await sql`lock table api_keys in access exclusive mode`.execute(tx)
      for (let count = 0; count < 20; count++) expect(await statusWith(key)).toBe(200)
    })
  })

  test('notes its use at most once a minute', async () => {
    const start = Date.UTC(2026, 0, 1)
    let now = start
    const here = await serviceForTest({}, { clock: () => now })
    const { id, key } = (await make(here)).body
    const { db } = here.ctx
    await sql`create table notes (at timestamptz)`.execute(db)
    await sql
      .raw(`create function note() returns trigger language plpgsql as
        $$ begin insert into notes values (new.last_used_at); return new; end $$`)
      .execute(db)
    await sql
      .raw(`create trigger note after update on api_keys for each row when (new.id = '${id}')
        execute function note()`)
      .execute(db)
    const notes = async () => {
      const { rows } = await sql<{ at: Date }>`select at from notes order by at`.execute(db)
      return rows.map(({ at }) => (at.getTime() - start) / 1_000)
    }
    const useAt = async (seconds: number) => {
      now = start + seconds * 1_000
      expect(await statusWith(key, here)).toBe(200)
    }
    await useAt(0)
    await expect.poll(notes).toEqual([0])
    for (const seconds of [1, 6, 20, 40, 59.9]) await useAt(seconds)
    // Looked up anew, and a minute has passed.
    await useAt(65)
    await expect.poll(notes).toEqual([0, 65])
    const read = (await list(here)).find((one) => one.id === id)
    expect(read?.last_used_at).toBe(new Date(start + 65_000).toISOString())
  })
})

describe('KEYHOOK_BOOTSTRAP_KEY', () => {
  test('works again after it was revoked and the server started anew', async () => {
    const first = await serviceForTest()
    const { key } = (await make(first)).body
    const [bootstrap] = (await list(first)).filter(({ name }) => name === 'KEYHOOK_BOOTSTRAP_KEY')
    expect(bootstrap).toMatchObject({ role: 'admin', created_by: null, hint: 'kh_test…' })
    await first.api('DELETE', `/api-keys/${bootstrap?.id}`)
    expect(await statusWith(testKey, first)).toBe(401)

    const second = await first.restart()
    onTestFinished(() => second.stop())
    expect(await statusWith(testKey, second)).toBe(200)
    expect(await statusWith(key, second)).toBe(200)
    const again = (await list(second)).filter(({ name }) => name === 'KEYHOOK_BOOTSTRAP_KEY')
    expect(again.map(({ id }) => id)).toEqual([bootstrap?.id])
  })
})
