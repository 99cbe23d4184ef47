import type { Problem } from '@keyhook/contract/api/problem.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { serviceForTest, startTestService, type TestService } from '../support/harness.ts'
import { ada, cookieOf, setUp, setupTokenOf, signIn, withCookie } from './administrator.ts'

const isRequired = async (service: TestService) =>
  (await service.api<{ required: boolean }>('GET', '/setup', undefined, { key: null })).body.required
const people = ({ ctx }: TestService) => ctx.db.selectFrom('auth_users').select('email').execute()

describe('the set-up link', () => {
  test('makes the first administrator, who is signed in, and works once', async () => {
    const service = await serviceForTest()
    expect(service.setupUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup#token=[\w-]{32}$/)
    expect(await isRequired(service)).toBe(true)
    const made = await setUp(service)
    expect(made.status).toBe(201)
    expect(made.body).toEqual({
      kind: 'session',
      id: expect.stringMatching(/^usr_[0-9a-f]{32}$/),
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      role: 'admin',
      app_admin_of: [],
    })
    const me = await service.api('GET', '/me', undefined, withCookie(cookieOf(made)))
    expect(me.body).toEqual(made.body)
    expect(await isRequired(service)).toBe(false)
    expect((await signIn(service)).status).toBe(200)

    const again = await setUp(service, { email: 'eve@example.com' })
    expect(again.status).toBe(409)
    expect(again.body).toMatchObject({ code: 'setup_already_done' })
    expect(again.headers.getSetCookie()).toEqual([])
    expect(await people(service)).toEqual([{ email: ada.email }])
  })

  test('used by several at once makes exactly one administrator', async () => {
    const service = await serviceForTest()
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((number) => setUp(service, { email: `ada${number}@example.com` })),
    )
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    for (const status of statuses) expect([201, 403, 409]).toContain(status)
    expect(await people(service)).toHaveLength(1)
  })

  test('of an earlier start no longer works, that of the last one does', async () => {
    const first = await serviceForTest()
    const earlier = setupTokenOf(first)
    const second = await first.restart()
    onTestFinished(() => second.stop())
    expect(await setUp(second, { token: earlier })).toMatchObject({
      status: 403,
      body: { code: 'setup_link_invalid' },
    })
    expect((await setUp(second)).status).toBe(201)
  })

  test('is not made any more once there is an administrator', async () => {
    const first = await serviceForTest()
    const token = setupTokenOf(first)
    await setUp(first)
    const second = await first.restart()
    onTestFinished(() => second.stop())
    expect(second.setupUrl).toBeNull()
    const late = await second.api('POST', '/setup', { token, ...ada }, { key: null })
    expect(late).toMatchObject({ status: 409, body: { code: 'setup_already_done' } })
  })

  test('survives a creation that failed, of which nothing stays', async () => {
    const service = await serviceForTest()
    const { db } = service.ctx
    await sql`alter table auth_accounts add constraint broken check (false) not valid`.execute(db)
    expect(await setUp(service)).toMatchObject({ status: 500, body: { code: 'internal_error' } })
    expect(await people(service)).toEqual([])
    expect(await isRequired(service)).toBe(true)
    await sql`alter table auth_accounts drop constraint broken`.execute(db)
    expect((await setUp(service)).status).toBe(201)
    expect((await signIn(service)).status).toBe(200)
  })
})

describe('a set-up link that nobody has used yet', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startTestService()
  })
  afterAll(() => service.stop())

  test('is not kept in the database as it is', async () => {
    const token = setupTokenOf(service)
    const { rows } = await sql<{ row: string }>`select t::text as row from setup_tokens t`.execute(
      service.ctx.db,
    )
    expect(rows).toHaveLength(1)
    for (const form of ['utf8', 'hex', 'base64'] as const) {
      expect(rows[0]?.row).not.toContain(Buffer.from(token).toString(form))
    }
  })

  test('with a wrong token makes nobody', async () => {
    const refused = await setUp(service, { token: 'x'.repeat(32) })
    expect(refused.status).toBe(403)
    expect(refused.body).toMatchObject({ code: 'setup_link_invalid' })
    expect(refused.text).not.toContain('x'.repeat(32))
    expect(await people(service)).toEqual([])
  })

  test('with bad members makes nobody, and they are named one by one', async () => {
    const cases: [string, object, string][] = [
      ['no name', { name: undefined }, '/name'],
      ['a blank name', { name: ' ' }, '/name'],
      ['a NUL in the name', { name: 'a\u0000' }, '/name'],
      ['no e-mail address', { email: 'ada' }, '/email'],
      ['an e-mail address with a NUL', { email: 'a\u0000@example.com' }, '/email'],
      ['a long e-mail address', { email: `${'a'.repeat(250)}@example.com` }, '/email'],
      ['a short password', { password: 'short' }, '/password'],
      ['a password of 11 characters', { password: 'x'.repeat(11) }, '/password'],
      ['a password of 129 characters', { password: 'x'.repeat(129) }, '/password'],
      ['a password that is a number', { password: 123456789012 }, '/password'],
      ['an empty token', { token: '' }, '/token'],
      ['a token that is a number', { token: 5 }, '/token'],
      ['an unknown member', { role: 'admin' }, '/role'],
    ]
    for (const [what, more, pointer] of cases) {
      const refused = await setUp(service, more)
      expect(refused.status, what).toBe(422)
      const problem = refused.body as unknown as Problem
      expect(
        problem.errors.map((error) => error.pointer),
        what,
      ).toEqual([pointer])
    }
    const none = await service.api<Problem>('POST', '/setup', {}, { key: null })
    expect(none.body.errors).toEqual(
      ['token', 'name', 'email', 'password'].map((name) => ({
        pointer: `/${name}`,
        detail: expect.stringMatching(/^(Required\.|Enter an e-mail address)/),
      })),
    )
    expect(await people(service)).toEqual([])
  })

  test('still works after all that; the e-mail address is kept in lower case', async () => {
    const made = await setUp(service, { email: 'ADA@Example.COM', password: 'x'.repeat(128) })
    expect(made).toMatchObject({ status: 201, body: { email: 'ada@example.com' } })
  })
})
