import type { Problem } from '@keyhook/contract/api/problem.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { serviceForTest, startTestService, type TestService } from '../support/harness.ts'
import { makePerson, password } from '../support/person.ts'
import { ada, cookieOf, setUp, signIn, withCookie } from './administrator.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
  await setUp(service)
})
afterAll(() => service.stop())

const me = (cookie: string) => service.api('GET', '/me', undefined, withCookie(cookie))

describe('sign-in', () => {
  test('with the right password sets a cookie that signs in', async () => {
    const answer = await signIn(service)
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ kind: 'session', email: ada.email, role: 'admin' })
    expect((await me(cookieOf(answer))).body).toEqual(answer.body)
  })

  test('takes the e-mail address in any letter case', async () => {
    expect((await signIn(service, { email: 'ADA@Example.Com' })).body.email).toBe(ada.email)
  })

  test('says the same whether the password is wrong or nobody has the address', async () => {
    const answers = [
      await signIn(service, { password: 'wrong horse battery' }),
      await signIn(service, { email: 'eve@example.com' }),
      await signIn(service, { email: 'no address' }),
      await signIn(service, { email: 'a\u0000@example.com' }),
      await signIn(service, { password: 'x'.repeat(1_000) }),
    ]
    const told = answers.map(({ status, text, headers }) => ({
      status,
      text: text.replace(/"trace_id":"[^"]+"/, ''),
      cookies: headers.getSetCookie(),
    }))
    expect(told[0]).toMatchObject({
      status: 401,
      text: expect.stringContaining('sign_in_failed'),
      cookies: [],
    })
    for (const one of told) expect(one).toEqual(told[0])
  })

  test.each<[string, object, string]>([
    ['no e-mail address', { email: undefined }, '/email'],
    ['an empty password', { password: '' }, '/password'],
    ['a password that is a number', { password: 1 }, '/password'],
    ['a password without end', { password: 'x'.repeat(1_001) }, '/password'],
    ['an unknown member', { remember: true }, '/remember'],
  ])('with %s is refused by name', async (_what, more, pointer) => {
    const refused = await signIn(service, more)
    expect(refused.status).toBe(422)
    expect((refused.body as unknown as Problem).errors.map((error) => error.pointer)).toEqual([pointer])
  })

  test('that the database cannot answer is a failure of the server, not of the password', async () => {
    const broken = await serviceForTest()
    await setUp(broken)
    await sql`alter table auth_sessions rename to away`.execute(broken.ctx.db)
    expect(await signIn(broken)).toMatchObject({ status: 500, body: { code: 'internal_error' } })
  })
})

describe('after ten tries for one address within a minute', () => {
  const email = 'grace@example.com'
  const tried: number[] = []
  beforeAll(async () => {
    for (let count = 1; count <= 10; count++) {
      // Neither another letter case nor a header that claims another origin is another address.
      const { status } = await signIn(
        service,
        { email: count % 2 ? email : email.toUpperCase() },
        { 'x-forwarded-for': `192.0.2.${count}` },
      )
      tried.push(status)
    }
  })

  test('the next is refused with a time to wait; other addresses are not', async () => {
    expect(tried).toEqual(Array(10).fill(401))
    const refused = await signIn(service, { email })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(refused.body).toMatchObject({ code: 'too_many_requests', status: 429 })
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(1)
    expect(wait).toBeLessThanOrEqual(60)
    expect((await signIn(service)).status).toBe(200)
  })

  test('a client cannot choose the time to wait', async () => {
    const refused = await signIn(service, { email }, { 'retry-after': '0' })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1)
  })

  test('the right password is refused as well', async () => {
    const joan = await makePerson(service, 'joan@example.com')
    for (let count = 1; count <= 10; count++)
      expect(await signIn(service, { email: joan.email, password: 'wrong horse battery' })).toMatchObject({
        status: 401,
      })
    expect((await signIn(service, { email: joan.email, password })).status).toBe(429)
  })
})

describe('the session', () => {
  // Sign-in is limited by the minute: one session for all, on a service of their own.
  let service: TestService
  let cookie: string
  beforeAll(async () => {
    service = await startTestService()
    cookie = cookieOf(await setUp(service))
  })
  afterAll(() => service.stop())
  const me = (cookie: string) => service.api('GET', '/me', undefined, withCookie(cookie))

  test('is in a cookie that scripts and other sites do not get', async () => {
    const [line, ...others] = (await signIn(service)).headers.getSetCookie()
    expect(others).toEqual([])
    const [value, ...attributes] = (line ?? '').split('; ')
    expect(value).toMatch(/^keyhook\.session_token=\S{40,}$/)
    expect(attributes.sort()).toEqual(['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Lax'])
  })

  test('is a new one at each sign-in', async () => {
    expect(cookieOf(await signIn(service))).not.toBe(cookieOf(await signIn(service)))
  })

  test.each([
    ['changed at the end', (cookie: string) => `${cookie.slice(0, -6)}AAAA%3D`],
    ['changed in the token', (cookie: string) => cookie.replace('=', '=x')],
    ['without its signature', (cookie: string) => cookie.replace(/\..{40,}$/, '')],
    ['empty', () => 'keyhook.session_token='],
    ['of another name', (cookie: string) => cookie.replace('keyhook', 'other')],
    ['no cookie at all', () => ';;;=;'],
  ])('does not count when the cookie is %s', async (_how, change) => {
    expect((await me(change(cookie))).status).toBe(401)
    expect((await me(cookie)).status).toBe(200)
  })

  test('does not count with the token of the database alone', async () => {
    const { rows } = await sql<{ token: string }>`select token from auth_sessions limit 1`.execute(
      service.ctx.db,
    )
    expect((await me(`keyhook.session_token=${rows[0]?.token}`)).status).toBe(401)
  })

  test('ends a week after it was last used, and its cookie with it', async () => {
    const token = decodeURIComponent(cookie).replace(/^[^=]+=|\..*$/g, '')
    const endsIn = (hours: number) =>
      sql`update auth_sessions set expires_at = now() + ${hours} * interval '1 hour' where token = ${token}`.execute(
        service.ctx.db,
      )
    // Used two days after it began: it lives on.
    await endsIn(5 * 24)
    const used = await me(cookie)
    expect(used.status).toBe(200)
    expect(used.headers.getSetCookie().join()).toContain('Max-Age=604800')
    expect(cookieOf(used)).toBe(cookie)
    // Used again at once: nothing is written.
    expect((await me(cookie)).headers.getSetCookie()).toEqual([])
    await endsIn(-1)
    const late = await me(cookie)
    expect(late.status).toBe(401)
    expect(late.headers.getSetCookie().join()).toContain('Max-Age=0')
  })

  test('survives a restart', async () => {
    const first = await serviceForTest()
    const cookie = cookieOf(await setUp(first))
    const second = await first.restart()
    onTestFinished(() => second.stop())
    const answer = await second.api('GET', '/me', undefined, withCookie(cookie))
    expect(answer).toMatchObject({ status: 200, body: { email: ada.email } })
  })

  test('of another installation does not count', async () => {
    const other = await serviceForTest()
    expect((await me(cookieOf(await setUp(other)))).status).toBe(401)
  })
})

describe('sign-out', () => {
  test('ends the session and takes the cookie away; other sessions go on', async () => {
    const [cookie, other] = [cookieOf(await signIn(service)), cookieOf(await signIn(service))]
    const out = await service.api('POST', '/sign-out', undefined, withCookie(cookie))
    expect(out.status).toBe(204)
    expect(out.headers.getSetCookie().join()).toMatch(/^keyhook\.session_token=; Max-Age=0/)
    expect((await me(cookie)).status).toBe(401)
    expect((await me(other)).status).toBe(200)
  })

  test('without a session does nothing', async () => {
    expect((await service.api('POST', '/sign-out', undefined, { key: null })).status).toBe(204)
    const odd = await service.api('POST', '/sign-out', undefined, withCookie('keyhook.session_token=x'))
    expect(odd.status).toBe(204)
  })
})
