import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { Colleague, UserDetail, UserRead } from '@keyhook/contract/api/user.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'
import { invite, makePerson, makeUser, type Person } from '../support/person.ts'
import { eventsAbout } from './events-about.ts'

let service: TestService
let boss: Person
let admin: Person
beforeAll(async () => {
  service = await startTestService()
  admin = await makePerson(service, 'admin@example.com', { role: 'admin', given_name: 'Adele' })
  boss = await makePerson(service, 'boss@example.com', { given_name: 'Bo', family_name: 'Oss' })
})
afterAll(() => service.stop())

const unique = (() => {
  let count = 0
  return () => `user${++count}@example.com`
})()
const change = <Body = UserDetail>(id: string, body: object, headers: Record<string, string> = {}) =>
  service.api<Body>('PATCH', `/users/${id}`, body, { headers })
const list = async (query: string) =>
  (await service.api<{ data: UserRead[]; next_cursor: string | null }>('GET', `/users?${query}`)).body
const pointers = (body: unknown) => (body as Problem).errors.map(({ pointer }) => pointer)

describe('a user', () => {
  test('is made with an address alone, which is the user name then', async () => {
    const email = unique()
    const made = await service.api<UserDetail>('POST', '/users', { email })
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe(`/api/v1/users/${made.body.id}`)
    expect(made.body).toMatchObject({
      user_name: email,
      email,
      name: email,
      given_name: '',
      manager: null,
      status: 'active',
      role: 'person',
      source: 'manual',
      groups: [],
      direct_reports: 0,
      has_account: false,
      invited_until: null,
      deactivated_at: null,
    })
    const read = await service.api('GET', `/users/${made.body.id}`)
    expect(read.body).toEqual(made.body)
    expect(read.headers.get('etag')).toBe('"1"')
  })

  test('is changed member by member; null clears; the log tells before and after', async () => {
    const { id } = await makeUser(service, unique(), { title: 'Clerk', department: 'Ops' })
    const changed = await change(id, { given_name: 'Zoë', department: null, manager_id: boss.id })
    expect(changed.status).toBe(200)
    expect(changed.body).toMatchObject({
      name: 'Zoë',
      title: 'Clerk',
      department: null,
      manager: { id: boss.id, name: 'Bo Oss', email: 'boss@example.com' },
    })
    const told = await eventsAbout(service, id)
    expect(told.map(({ type }) => type)).toEqual(['DIRECTORY_CREATED_USER', 'DIRECTORY_UPDATED_USER'])
    expect(told[1]?.metadata).toEqual({
      before: { given_name: '', department: 'Ops', manager_id: null },
      after: { given_name: 'Zoë', department: null, manager_id: boss.id },
    })
  })

  test('that is changed to what it is already stays at its version, and nothing is logged', async () => {
    const { id } = await makeUser(service, unique(), { title: 'Clerk' })
    expect((await change(id, { title: ' Clerk ' })).headers.get('etag')).toBe('"1"')
    expect(await eventsAbout(service, id)).toHaveLength(1)
  })

  test('whom two administrators change at once is changed by the first; the second is told', async () => {
    const { id } = await makeUser(service, unique())
    const [one, two] = await Promise.all([
      change(id, { title: 'One' }, { 'if-match': '"1"' }),
      change(id, { title: 'Two' }, { 'if-match': '"1"' }),
    ])
    expect([one?.status, two?.status].sort()).toEqual([200, 412])
    const read = await service.api<UserDetail>('GET', `/users/${id}`)
    expect(read.body.title).toBe(one?.status === 200 ? 'One' : 'Two')
  })

  test.each<[string, object, string]>([
    ['an address that is none', { email: 'nobody' }, '/email'],
    ['no user name', { user_name: ' ' }, '/user_name'],
    ['a name of two lines', { given_name: 'a\nb' }, '/given_name'],
    ['a name that turns its direction', { family_name: 'a\u202eb' }, '/family_name'],
    ['a title without end', { title: 'x'.repeat(201) }, '/title'],
    ['a manager that is no id', { manager_id: 'boss' }, '/manager_id'],
    ['a manager who is not there', { manager_id: `usr_${'0'.repeat(32)}` }, '/manager_id'],
    ['an unknown status', { status: 'gone' }, '/status'],
    ['an unknown role', { role: 'owner' }, '/role'],
    ['an id', { id: 'usr_1' }, '/id'],
  ])('with %s is refused by name, made or changed', async (_what, wrong, pointer) => {
    const made = await service.api('POST', '/users', { email: unique(), ...wrong })
    expect([made.status, pointers(made.body)]).toEqual([422, [pointer]])
    const changed = await change(boss.id, wrong)
    expect([changed.status, pointers(changed.body)]).toEqual([422, [pointer]])
  })

  test.each(['email', 'user_name'])('has its own %s, in whatever letter case', async (name) => {
    const made = await service.api('POST', '/users', { email: unique(), [name]: 'BOSS@example.com' })
    expect(made).toMatchObject({ status: 409, body: { code: 'user_exists' } })
    expect(pointers(made.body)).toEqual([`/${name}`])
    const changed = await change(admin.id, { [name]: 'BOSS@example.com' })
    expect(changed).toMatchObject({ status: 409, body: { code: 'user_exists' } })
    expect((await change(boss.id, { [name]: 'BOSS@example.com' })).status).toBe(200)
  })

  test('of whom two are made at once with one address is made once', async () => {
    const email = unique()
    const made = await Promise.all([1, 2, 3].map(() => service.api('POST', '/users', { email })))
    expect(made.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })

  test('that is not there is not found', async () => {
    for (const [method, path] of [
      ['GET', '/users/usr_0'],
      ['PATCH', '/users/usr_0'],
      ['POST', '/users/usr_0/invite'],
    ] as const) {
      const answer = await service.api(method, path, method === 'GET' ? undefined : {})
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
    }
  })
})

describe('managers', () => {
  test('form no circle', async () => {
    const one = await makeUser(service, unique(), { given_name: 'One' })
    const two = await makeUser(service, unique(), { given_name: 'Two', manager_id: one.id })
    const three = await makeUser(service, unique(), { given_name: 'Three', manager_id: two.id })
    const refused = await change<Problem>(one.id, { manager_id: three.id })
    expect(refused.status).toBe(422)
    expect(refused.body.detail).toContain('One, managed by Three, managed by Two, managed by One')
    expect((await change<Problem>(one.id, { manager_id: one.id })).body.detail).toContain('own manager')
    expect((await change(two.id, { manager_id: null })).status).toBe(200)
    expect((await change(one.id, { manager_id: three.id })).status).toBe(200)
  })

  test('form no circle when two are set at once', async () => {
    const one = await makeUser(service, unique())
    const two = await makeUser(service, unique())
    const answers = await Promise.all([
      change(one.id, { manager_id: two.id }),
      change(two.id, { manager_id: one.id }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422])
  })
})

describe('the list', () => {
  test('is filtered by name, address, status, role, group and manager, page by page', async () => {
    const chief = await makeUser(service, 'chief@list.example', { given_name: 'Chi', family_name: 'Ef' })
    const made = []
    for (const name of ['Ann', 'Ben', 'Cem'])
      made.push(
        await makeUser(service, `${name}@list.example`.toLowerCase(), {
          given_name: name,
          family_name: '100%_sure',
          manager_id: chief.id,
        }),
      )
    const group = (await service.api<{ id: string }>('POST', '/groups', { name: 'Listed' })).body
    await service.api('PUT', `/groups/${group.id}/members/${made[1]?.id}`)
    const names = async (query: string) =>
      (await list(query)).data.map(({ given_name }) => given_name).reverse()
    expect(await names('q=LIST.example')).toEqual(['Chi', 'Ann', 'Ben', 'Cem'])
    expect(await names('q=chi+ef')).toEqual(['Chi'])
    expect(await names(`q=${encodeURIComponent('%_s')}`)).toEqual(['Ann', 'Ben', 'Cem'])
    expect(await names(`q=${encodeURIComponent('%sure%')}`)).toEqual([])
    expect(await names(`manager_id=${chief.id}`)).toEqual(['Ann', 'Ben', 'Cem'])
    expect(await names(`group_id=${group.id}`)).toEqual(['Ben'])
    expect(await names('role=admin&q=adele')).toEqual(['Adele'])
    await change(made[2]?.id ?? '', { status: 'inactive' })
    expect(await names('q=list.example&status=inactive')).toEqual(['Cem'])
    const first = await list('q=list.example&limit=3')
    expect(first.data).toHaveLength(3)
    const second = await list(`q=list.example&limit=3&cursor=${first.next_cursor}`)
    expect(second.data.map(({ given_name }) => given_name)).toEqual(['Chi'])
    expect(second.next_cursor).toBeNull()
  })
})

describe('colleagues', () => {
  const find = (q: string, person: Person) =>
    service.api<{ data: Colleague[] }>('GET', `/people?q=${encodeURIComponent(q)}`, undefined, person.as)

  test('are found by everyone, by a part of the name or address; those who left are not', async () => {
    await makeUser(service, 'gone@find.example', { given_name: 'Gina', status: 'inactive' })
    await makeUser(service, 'grace@find.example', { given_name: 'Grace', title: 'Admiral' })
    const found = await find('FIND.ex', boss)
    expect(found.body.data).toEqual([
      { id: expect.any(String), name: 'Grace', email: 'grace@find.example', title: 'Admiral' },
    ])
  })

  test('are not listed by less than two characters', async () => {
    for (const q of ['', 'a', ' a ']) expect(await find(q, boss)).toMatchObject({ status: 422 })
  })
})

describe('who is no administrator', () => {
  test.each<[string, string, object?]>([
    ['GET', '/users'],
    ['POST', '/users', { email: 'x@example.com' }],
    ['GET', '/users/BOSS'],
    ['PATCH', '/users/BOSS', { role: 'admin' }],
    ['POST', '/users/BOSS/invite', {}],
    ['POST', '/users/import', {}],
    ['GET', '/groups'],
    ['POST', '/groups', { name: 'x' }],
    ['GET', '/groups/grp_0/members'],
    ['PUT', '/groups/grp_0/members/BOSS', {}],
  ])('finds no %s %s', async (method, path, body) => {
    const answer = await service.api(method, path.replace('BOSS', boss.id), body, boss.as)
    expect(answer).toMatchObject({ status: 404, body: { detail: 'There is no such address.' } })
  })
})

describe('an administrator', () => {
  test('neither demotes nor deactivates themself', async () => {
    for (const body of [{ role: 'person' }, { status: 'inactive' }]) {
      const refused = await service.api('PATCH', `/users/${admin.id}`, body, admin.as)
      expect(refused).toMatchObject({ status: 409, body: { code: 'own_account' } })
    }
    const renamed = await service.api('PATCH', `/users/${admin.id}`, { title: 'Chief' }, admin.as)
    expect(renamed.status).toBe(200)
  })

  test('stays while no other one can sign in', async () => {
    const other = await makeUser(service, unique(), { role: 'admin' })
    for (const body of [{ role: 'person' }, { status: 'inactive' }]) {
      const refused = await change(admin.id, body)
      expect(refused).toMatchObject({ status: 409, body: { code: 'last_administrator' } })
    }
    // Who never chose a password leaves nobody behind.
    expect((await change(other.id, { role: 'person' })).status).toBe(200)
    const able = await makePerson(service, unique(), { role: 'admin' })
    const answers = await Promise.all([
      change(able.id, { role: 'person' }),
      change(admin.id, { status: 'inactive' }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('who becomes a person sees no more than one, at once', async () => {
    const able = await makePerson(service, unique(), { role: 'admin' })
    expect((await service.api('GET', '/users', undefined, able.as)).status).toBe(200)
    await change(able.id, { role: 'person' })
    expect((await service.api('GET', '/users', undefined, able.as)).status).toBe(404)
  })
})

describe('deactivation', () => {
  const me = (person: Person) => service.api('GET', '/me', undefined, person.as)

  test('ends sessions at once, voids invitations and begins offboarding, in one change', async () => {
    const person = await makePerson(service, unique())
    const again = await invite(service, person.id)
    expect((await me(person)).status).toBe(200)
    const left = await change(person.id, { status: 'inactive' })
    expect(left.body).toMatchObject({ status: 'inactive', deactivated_at: expect.any(String) })
    expect((await me(person)).status).toBe(401)
    const { db } = service.ctx
    const sessions = await db
      .selectFrom('auth_sessions')
      .select('id')
      .where('user_id', '=', person.id)
      .execute()
    expect(sessions).toEqual([])
    const read = await service.api('POST', '/invitations/read', { token: again }, { key: null })
    expect(read).toMatchObject({ status: 403, body: { code: 'invitation_invalid' } })
    const offboardings = await db
      .selectFrom('offboardings')
      .select(['reason', 'started_by'])
      .where('user_id', '=', person.id)
      .execute()
    expect(offboardings).toEqual([
      {
        reason: 'deactivated',
        started_by: expect.objectContaining({ type: 'API_KEY' }),
      },
    ])
    expect((await eventsAbout(service, person.id)).map(({ type }) => type)).toContain(
      'DIRECTORY_DEACTIVATED_USER',
    )
  })

  test('locks the account: no sign-in, no invitation', async () => {
    const person = await makePerson(service, unique())
    await change(person.id, { status: 'inactive' })
    const credentials = { email: person.email, password: 'correct horse battery' }
    const signedIn = await service.api('POST', '/sign-in', credentials, { key: null })
    expect(signedIn).toMatchObject({ status: 401, body: { code: 'sign_in_failed' } })
    expect(signedIn.headers.getSetCookie()).toEqual([])
    const invited = await service.api('POST', `/users/${person.id}/invite`)
    expect(invited).toMatchObject({ status: 409, body: { code: 'user_inactive' } })
  })

  test('that is taken back lets the user sign in again; sessions stay ended, and the next one is another offboarding', async () => {
    const person = await makePerson(service, unique())
    await change(person.id, { status: 'inactive' })
    await change(person.id, { status: 'active' })
    expect((await me(person)).status).toBe(401)
    const credentials = { email: person.email, password: 'correct horse battery' }
    expect((await service.api('POST', '/sign-in', credentials, { key: null })).status).toBe(200)
    await change(person.id, { status: 'inactive' })
    const runs = await service.ctx.db
      .selectFrom('offboardings')
      .select('id')
      .where('user_id', '=', person.id)
      .execute()
    expect(runs).toHaveLength(2)
  })

  test('of who left already changes nothing', async () => {
    const { id } = await makeUser(service, unique())
    await change(id, { status: 'inactive' })
    expect((await change(id, { status: 'inactive' })).status).toBe(200)
    const told = (await eventsAbout(service, id)).map(({ type }) => type)
    expect(told.filter((type) => type === 'DIRECTORY_DEACTIVATED_USER')).toHaveLength(1)
  })
})
