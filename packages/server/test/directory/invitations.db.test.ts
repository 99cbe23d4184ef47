import type { MeRead } from '@keyhook/contract/api/access.ts'
import type { InvitationCreated } from '@keyhook/contract/api/invitation.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { UserDetail } from '@keyhook/contract/api/user.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cookieOf, setUp } from '../auth/administrator.ts'
import { serviceForTest, startTestService, type TestService } from '../support/harness.ts'
import { invite, makePerson, makeUser, password } from '../support/person.ts'
import { eventsAbout } from './events-about.ts'

const dayMs = 86_400_000
let service: TestService
let now = Date.parse('2026-03-01T09:00:00Z')
beforeAll(async () => {
  service = await startTestService({}, { clock: () => now })
})
afterAll(() => service.stop())

const unique = (() => {
  let count = 0
  return () => `guest${++count}@example.com`
})()
const read = (token: string) => service.api('POST', '/invitations/read', { token }, { key: null })
const accept = (token: string, more: object = {}, cookie?: string) =>
  service.api<MeRead>(
    'POST',
    '/invitations/accept',
    { token, password, ...more },
    {
      key: null,
      headers: cookie ? { cookie } : {},
    },
  )
const signIn = (email: string, secret: string) =>
  service.api('POST', '/sign-in', { email, password: secret }, { key: null })
const me = (cookie: string) => service.api('GET', '/me', undefined, { key: null, headers: { cookie } })
const invalid = { status: 403, body: { code: 'invitation_invalid' } }

describe('an invitation', () => {
  test('is a link for 7 days that says whom it is for, and signs in once a password is chosen', async () => {
    const { id, email } = await makeUser(service, unique(), { given_name: 'Grace', family_name: 'Hopper' })
    const made = await service.api<InvitationCreated>('POST', `/users/${id}/invite`)
    expect(made.status).toBe(201)
    expect(made.headers.get('cache-control')).toBe('no-store')
    const until = new Date(now + 7 * dayMs).toISOString()
    expect(made.body).toEqual({
      url: expect.stringMatching(/\/invitation#token=[\w-]{43}$/),
      expires_at: until,
      mailed: false,
    })
    expect(new URL(made.body.url).origin).toBe(service.url)
    const token = new URL(made.body.url).hash.slice('#token='.length)
    expect(await read(token)).toMatchObject({
      status: 200,
      body: { email, name: 'Grace Hopper', has_account: false, expires_at: until },
    })
    expect((await service.api<UserDetail>('GET', `/users/${id}`)).body.invited_until).toBe(until)
    const accepted = await accept(token)
    expect(accepted).toMatchObject({
      status: 200,
      body: { kind: 'session', id, email, name: 'Grace Hopper', role: 'person', app_admin_of: [] },
    })
    expect((await me(cookieOf(accepted))).status).toBe(200)
    expect((await signIn(email, password)).status).toBe(200)
    expect((await service.api<UserDetail>('GET', `/users/${id}`)).body).toMatchObject({
      has_account: true,
      invited_until: null,
    })
    expect((await eventsAbout(service, id)).slice(1).map(({ type }) => type)).toEqual([
      'DIRECTORY_INVITED_USER',
      'DIRECTORY_ACCEPTED_INVITATION',
      'AUTH_SIGNED_IN',
      'AUTH_SIGNED_IN',
    ])
  })

  test('is kept as a hash only', async () => {
    const { id } = await makeUser(service, unique())
    const token = await invite(service, id)
    const rows = await service.ctx.db
      .selectFrom('invitations')
      .selectAll()
      .where('user_id', '=', id)
      .execute()
    expect(rows).toHaveLength(1)
    expect(Buffer.from(rows[0]?.hash ?? []).toString('latin1')).not.toContain(token)
    expect(JSON.stringify(await eventsAbout(service, id))).not.toContain(token)
  })

  test('works once', async () => {
    const token = await invite(service, (await makeUser(service, unique())).id)
    const answers = await Promise.all([accept(token), accept(token)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
    expect(await read(token)).toMatchObject(invalid)
    expect(await accept(token)).toMatchObject(invalid)
  })

  test('is replaced by a newer one', async () => {
    const { id } = await makeUser(service, unique())
    const old = await invite(service, id)
    const newer = await invite(service, id)
    expect(await accept(old)).toMatchObject(invalid)
    expect((await accept(newer)).status).toBe(200)
  })

  test('is void after 7 days, to the moment', async () => {
    const { id } = await makeUser(service, unique())
    const [one, two] = [await invite(service, id), 7 * dayMs]
    now += two - 1
    expect((await read(one)).status).toBe(200)
    now += 1
    expect(await read(one)).toMatchObject(invalid)
    expect(await accept(one)).toMatchObject(invalid)
    expect((await service.api<UserDetail>('GET', `/users/${id}`)).body.invited_until).toBeNull()
  })

  test('of who was deactivated and activated again has to be made anew', async () => {
    const { id } = await makeUser(service, unique())
    const token = await invite(service, id)
    for (const status of ['inactive', 'active']) await service.api('PATCH', `/users/${id}`, { status })
    expect(await accept(token)).toMatchObject(invalid)
  })

  test.each<[string, object, string]>([
    ['a short password', { password: 'short' }, '/password'],
    ['a password without end', { password: 'x'.repeat(129) }, '/password'],
    ['no token', { token: undefined }, '/token'],
    ['an endless token', { token: 'x'.repeat(201) }, '/token'],
    ['an unknown member', { name: 'Eve' }, '/name'],
  ])('with %s is refused by name, and not used up', async (_what, more, pointer) => {
    const token = await invite(service, (await makeUser(service, unique())).id)
    const refused = await accept(token, more)
    expect(refused.status).toBe(422)
    expect((refused.body as unknown as Problem).errors.map((error) => error.pointer)).toEqual([pointer])
    expect((await read(token)).status).toBe(200)
  })

  test.each(['', ' ', 'guess', '\u0000', 'x'.repeat(43)])('%j is none', async (token) => {
    expect((await read(token)).status).toBe(token === '' ? 422 : 403)
  })

  test('is not taken from a page of another site', async () => {
    const token = await invite(service, (await makeUser(service, unique())).id)
    const crossed = await service.api(
      'POST',
      '/invitations/accept',
      { token, password },
      {
        key: null,
        headers: { cookie: 'keyhook.session_token=x', 'sec-fetch-site': 'cross-site' },
      },
    )
    expect(crossed).toMatchObject({ status: 403, body: { code: 'cross_site_request' } })
    expect((await read(token)).status).toBe(200)
  })

  test('that is tried over and over has to wait; others do not', async () => {
    for (let count = 1; count <= 10; count++) expect(await read('again')).toMatchObject(invalid)
    expect(await read('again')).toMatchObject({ status: 429, body: { code: 'too_many_requests' } })
    expect(await read('another')).toMatchObject(invalid)
  })
})

describe('an invitation of who has a password', () => {
  test('replaces it and ends the sessions of before', async () => {
    const person = await makePerson(service, unique())
    const token = await invite(service, person.id)
    expect((await read(token)).body).toMatchObject({ has_account: true })
    expect((await me(person.cookie)).status).toBe(200)
    const accepted = await accept(token, { password: 'another horse battery' })
    expect(accepted.status).toBe(200)
    expect((await me(person.cookie)).status).toBe(401)
    expect((await me(cookieOf(accepted))).status).toBe(200)
    expect((await signIn(person.email, password)).status).toBe(401)
    expect((await signIn(person.email, 'another horse battery')).status).toBe(200)
  })

  test('whose address was changed signs in with the new one', async () => {
    const person = await makePerson(service, unique())
    const email = `New-${person.email}`
    await service.api('PATCH', `/users/${person.id}`, { email })
    expect((await signIn(person.email, password)).status).toBe(401)
    expect((await signIn(email, password)).status).toBe(200)
  })
})

describe('the own password', () => {
  const change = (cookie: string, body: object) =>
    service.api<Problem>('POST', '/me/password', body, { key: null, headers: { cookie } })

  test('is changed with the current one; other sessions end, this one stays', async () => {
    const person = await makePerson(service, unique())
    const other = cookieOf(await signIn(person.email, password))
    const changed = await change(person.cookie, {
      current_password: password,
      new_password: 'another horse battery',
    })
    expect(changed.status).toBe(204)
    expect((await me(person.cookie)).status).toBe(200)
    expect((await me(other)).status).toBe(401)
    expect((await signIn(person.email, password)).status).toBe(401)
    expect((await signIn(person.email, 'another horse battery')).status).toBe(200)
    const told = (await eventsAbout(service, person.id)).map(({ type }) => type)
    expect(told.slice(told.indexOf('DIRECTORY_CHANGED_PASSWORD'))).toEqual([
      'DIRECTORY_CHANGED_PASSWORD',
      'AUTH_ENDED_SESSIONS',
      'AUTH_SIGN_IN_FAILED',
      'AUTH_SIGNED_IN',
    ])
  })

  test.each<[string, object, string]>([
    ['a wrong current one', { current_password: 'wrong horse battery' }, '/current_password'],
    ['a short new one', { new_password: 'short' }, '/new_password'],
  ])('with %s stays', async (_what, more, pointer) => {
    const person = await makePerson(service, unique())
    const body = { current_password: password, new_password: 'another horse battery', ...more }
    const refused = await change(person.cookie, body)
    expect([refused.status, refused.body.errors.map((error) => error.pointer)]).toEqual([422, [pointer]])
    expect((await signIn(person.email, password)).status).toBe(200)
  })

  test('cannot be guessed by who has the session', async () => {
    const person = await makePerson(service, unique())
    const body = { current_password: 'wrong horse battery', new_password: 'another horse battery' }
    for (let count = 1; count <= 10; count++) expect((await change(person.cookie, body)).status).toBe(422)
    expect((await change(person.cookie, body)).status).toBe(429)
  })

  test('is nothing that an API key has', async () => {
    const body = { current_password: password, new_password: password }
    expect(await service.api('POST', '/me/password', body)).toMatchObject({ status: 404 })
  })
})

describe('the set-up', () => {
  test('waits for an administrator: persons who signed in before do not end it', async () => {
    const fresh = await serviceForTest()
    await makePerson(fresh, 'first@example.com')
    expect((await fresh.api('GET', '/setup', undefined, { key: null })).body).toEqual({ required: true })
    const made = await setUp(fresh, { email: 'First@example.com' })
    expect(made).toMatchObject({ status: 201, body: { role: 'admin', email: 'first@example.com' } })
    expect((await fresh.api('GET', '/setup', undefined, { key: null })).body).toEqual({ required: false })
  })
})

describe('who is signed in', () => {
  test('is told which apps name them or a group of theirs as app admin', async () => {
    const person = await makePerson(service, unique())
    const group = (await service.api<{ id: string }>('POST', '/groups', { name: 'App people' })).body
    await service.api('PUT', `/groups/${group.id}/members/${person.id}`)
    const make = async (admins: string[]) =>
      (await service.api<{ id: string }>('POST', '/apps', { name: 'Mine', admins })).body.id
    const [own, shared] = [await make([person.id]), await make([group.id, person.id])]
    await make([])
    const told = await service.api<MeRead>('GET', '/me', undefined, person.as)
    expect(told.body.app_admin_of).toEqual([own, shared].sort())
  })
})
