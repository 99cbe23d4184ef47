import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cookieOf, setUp, withCookie } from '../auth/administrator.ts'
import { eventsAbout } from '../directory/events-about.ts'
import { serviceForTest, startTestService, type TestService } from '../support/harness.ts'
import { invite, makePerson } from '../support/person.ts'
import {
  enterpriseUrn,
  errorUrn,
  newUser,
  patch,
  type ScimClient,
  type ScimUser,
  scimClient,
  userUrn,
} from './scim-client.ts'

let service: TestService
let client: ScimClient
beforeAll(async () => {
  service = await startTestService()
  client = await scimClient(service, 'Entra ID')
})
afterAll(() => service.stop())

const create = async (name: string, more: object = {}, by: ScimClient = client): Promise<ScimUser> => {
  const made = await by.call('POST', '/Users', newUser(name, { ...more }))
  if (made.status !== 201) throw new Error(made.text)
  return made.body
}
const read = async (id: string) => (await client.call('GET', `/Users/${id}`)).body
const change = (id: string, ...operations: object[]) =>
  client.call('PATCH', `/Users/${id}`, patch(...operations))
const directory = async (id: string) =>
  (await service.api<Record<string, unknown>>('GET', `/users/${id}`)).body
const typesAbout = async (id: string) => (await eventsAbout(service, id)).map(({ type }) => type)
const managerOf = async (id: string) =>
  (await read(id))[enterpriseUrn] as { manager?: { value: string } } | undefined

describe('a user who is provisioned', () => {
  test('is a user of the directory, with what the client sent beyond it', async () => {
    const made = await create('Grace Hopper', {
      title: 'Admiral',
      nickName: 'Amazing Grace',
      phoneNumbers: [{ type: 'work', value: '+1 555' }],
      roles: [{ value: 'admin' }],
      [enterpriseUrn]: { department: 'Navy', employeeNumber: '7', costCenter: 'C1' },
    })
    expect(made).toMatchObject({
      schemas: [userUrn, enterpriseUrn],
      title: 'Admiral',
      nickName: 'Amazing Grace',
      name: { givenName: 'Grace', familyName: 'Hopper', formatted: 'Grace Hopper' },
      phoneNumbers: [{ type: 'work', value: '+1 555' }],
      [enterpriseUrn]: { department: 'Navy', employeeNumber: '7', costCenter: 'C1' },
    })
    expect(await directory(made.id)).toMatchObject({
      user_name: 'grace.hopper@example.com',
      name: 'Grace Hopper',
      title: 'Admiral',
      department: 'Navy',
      source: 'scim',
      external_id: '00u-Grace Hopper',
      // Roles of the client are no rights here.
      role: 'person',
      status: 'active',
    })
    const [event] = await eventsAbout(service, made.id)
    expect(event).toMatchObject({ type: 'DIRECTORY_CREATED_USER', metadata: { before: null } })
    const actor = await sql<{ actor: unknown }>`
      select actor from event_inbox where id = ${event?.id} union all
      select actor from events where id = ${event?.id}`.execute(service.ctx.db)
    expect(actor.rows[0]?.actor).toMatchObject({
      actor_type: 'SCIM',
      actor_data: { id: client.tokenId, given_name: 'Entra ID' },
    })
  })

  test('has an address: the primary one, else one for work, else any that mail can be sent to, else the userName', async () => {
    const address = async (more: object) =>
      (await directory((await create(`A ${Math.random()}`, more)).id)).email
    const emails = (...list: object[]) => ({ emails: list })
    expect(
      await address(
        emails({ value: 'h1@x.example', type: 'home' }, { value: 'p1@x.example', primary: true }),
      ),
    ).toBe('p1@x.example')
    expect(
      await address(emails({ value: 'h2@x.example', type: 'home' }, { value: 'w2@x.example', type: 'work' })),
    ).toBe('w2@x.example')
    expect(await address(emails({ value: 'no address', primary: true }, { value: 'h3@x.example' }))).toBe(
      'h3@x.example',
    )
    expect(await address({ emails: [], userName: 'upn4@x.example' })).toBe('upn4@x.example')
    const none = await client.call('POST', '/Users', { schemas: [userUrn], userName: 'service-account' })
    expect(none).toMatchObject({
      status: 400,
      body: { scimType: 'invalidValue', detail: expect.stringMatching(/^emails: /) },
    })
  })

  test('is there once: another one with the userName is refused, in any letter case', async () => {
    const { userName } = await create('Once Only')
    const again = await client.call('POST', '/Users', newUser('Twice', { userName: userName.toUpperCase() }))
    expect(again).toMatchObject({
      status: 409,
      body: { schemas: [errorUrn], status: '409', scimType: 'uniqueness' },
    })
    const other = await create('Other One')
    const renamed = await change(other.id, { op: 'replace', path: 'userName', value: userName })
    expect(renamed).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } })
    expect((await read(other.id)).userName).toBe('other.one@example.com')
  })

  test('may be inactive from the beginning', async () => {
    const { id } = await create('Not Yet', { active: 'False' })
    expect(await directory(id)).toMatchObject({ status: 'inactive' })
  })

  test('that is sent again as it is changes nothing', async () => {
    const made = await create('Same Again', { phoneNumbers: [{ value: '1', type: 'work' }] })
    const events = await typesAbout(made.id)
    const put = await client.call('PUT', `/Users/${made.id}`, made)
    expect(put.body).toEqual(made)
    await change(made.id, { op: 'replace', path: 'displayName', value: 'Same Again' })
    expect(await read(made.id)).toEqual(made)
    expect(await typesAbout(made.id)).toEqual(events)
  })
})

describe('PUT', () => {
  test('takes away what is left out, but for what no client means to take away so', async () => {
    const made = await create('Put Whole', {
      title: 'T',
      nickName: 'N',
      [enterpriseUrn]: { department: 'D' },
    })
    const put = async (body: object) => (await client.call('PUT', `/Users/${made.id}`, body)).body
    const bare = { schemas: [userUrn], userName: made.userName }
    const after = await put(bare)
    expect(after).not.toHaveProperty('title')
    expect(after).not.toHaveProperty('nickName')
    expect(after).toMatchObject({ externalId: made.externalId, emails: made.emails, active: true })
    // The body did not speak of the extension.
    expect(after[enterpriseUrn]).toEqual({ department: 'D' })
    expect(await put({ ...bare, schemas: [userUrn, enterpriseUrn] })).not.toHaveProperty([enterpriseUrn])
    expect(await put({ ...bare, [enterpriseUrn]: { division: 'X' } })).toMatchObject({
      [enterpriseUrn]: { division: 'X' },
    })
    expect(await directory(made.id)).toMatchObject({ department: null, title: null, given_name: '' })
  })

  test('does not say who has which rights', async () => {
    const admin = await makePerson(service, 'admin-by-hand@example.com', { role: 'admin' })
    const put = await client.call('PUT', `/Users/${admin.id}`, newUser('Demoted', { roles: [] }))
    expect(put.status).toBe(200)
    expect(await directory(admin.id)).toMatchObject({ role: 'admin', source: 'scim', name: 'Demoted' })
  })

  test('of nobody is not found', async () => {
    for (const id of ['usr_0', '__proto__', 'usr_01a211d37afb7626924c63990b80d981'])
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
        const body =
          method === 'PUT'
            ? newUser('No Body')
            : method === 'PATCH'
              ? patch({ op: 'remove', path: 'title' })
              : undefined
        const answer = await client.call(method, `/Users/${id}`, body)
        expect(answer, method).toMatchObject({ status: 404, body: { schemas: [errorUrn], status: '404' } })
      }
  })
})

describe('PATCH', () => {
  test('answers 204, and the resource to who asks for attributes of it', async () => {
    const { id, meta } = await create('Patch Me')
    const bare = await change(id, { op: 'Add', path: 'title', value: 'T' })
    expect(bare).toMatchObject({ status: 204, text: '' })
    expect(bare.headers.get('etag')).not.toBe(meta.version)
    const body = patch({ op: 'Replace', path: 'title', value: 'U' })
    const asked = await client.call('PATCH', `/Users/${id}?attributes=title`, body)
    expect(asked).toMatchObject({ status: 200, body: { schemas: [userUrn], id, title: 'U' } })
    expect(Object.keys(asked.body)).toEqual(['schemas', 'id', 'title'])
  })

  test('that fails in the middle changes nothing', async () => {
    const made = await create('All Or Nothing')
    const failed = await change(
      made.id,
      { op: 'replace', path: 'title', value: 'T' },
      { op: 'replace', path: 'userName', value: '' },
    )
    expect(failed).toMatchObject({ status: 400, body: { scimType: 'mutability' } })
    expect(await read(made.id)).toEqual(made)
  })

  test('changes the address with which people sign in', async () => {
    const { id } = await create('Moves Mail')
    const path = 'emails[type eq "work"].value'
    await change(id, { op: 'Replace', path, value: 'moved@example.com' })
    expect(await directory(id)).toMatchObject({ email: 'moved@example.com' })
    await service.api('PATCH', `/users/${id}`, { email: 'by-hand@example.com' })
    expect((await read(id)).emails).toMatchObject([
      { value: 'by-hand@example.com', primary: true },
      { value: 'moved@example.com', primary: false },
    ])
  })

  test('tells the log which attributes changed, and not the numbers in them', async () => {
    const { id } = await create('Private Number')
    await change(id, {
      op: 'add',
      path: 'phoneNumbers',
      value: [{ value: '+44 7700 900123', type: 'mobile' }],
    })
    const last = (await eventsAbout(service, id)).at(-1)
    expect(last).toMatchObject({
      type: 'DIRECTORY_UPDATED_USER',
      metadata: { scim_attributes: ['phoneNumbers'] },
    })
    expect(JSON.stringify(last)).not.toContain('7700')
  })
})

describe('deactivating', () => {
  test.each([
    ['PATCH', { op: 'Replace', path: 'active', value: 'False' }],
    ['PUT', null],
  ])('by %s ends sessions, starts offboarding, and is told once', async (method, operation) => {
    const person = await makePerson(service, `leaver-${method.toLowerCase()}@example.com`)
    expect((await service.api('GET', '/me', undefined, person.as)).status).toBe(200)
    const user = await read(person.id)
    if (operation) await change(person.id, operation)
    else await client.call('PUT', `/Users/${person.id}`, { ...user, active: false })
    expect((await service.api('GET', '/me', undefined, person.as)).status).toBe(401)
    const offboardings = await service.ctx.db
      .selectFrom('offboardings')
      .select('started_by')
      .where('user_id', '=', person.id)
      .execute()
    expect(offboardings).toMatchObject([{ started_by: { type: 'SCIM', name: 'Entra ID' } }])
    const types = await typesAbout(person.id)
    expect(types.filter((type) => type === 'DIRECTORY_DEACTIVATED_USER')).toHaveLength(1)
    await change(person.id, { op: 'replace', path: 'active', value: true })
    expect(await directory(person.id)).toMatchObject({ status: 'active', deactivated_at: null })
    expect(await typesAbout(person.id)).toContain('DIRECTORY_REACTIVATED_USER')
  })

  test('never takes the last administrator', async () => {
    const here = await serviceForTest()
    const cookie = cookieOf(await setUp(here))
    const scim = await scimClient(here)
    const { Resources } = (await scim.call('GET', '/Users')).body
    const admin = Resources[0] as ScimUser
    const attempts = [
      scim.call(
        'PATCH',
        `/Users/${admin.id}`,
        patch({ op: 'replace', value: { active: false, title: 'Gone' } }),
      ),
      scim.call('PUT', `/Users/${admin.id}`, { ...admin, active: false }),
      scim.call('DELETE', `/Users/${admin.id}`),
    ]
    for (const attempt of attempts) {
      const refused = await attempt
      expect(refused).toMatchObject({ status: 403, body: { schemas: [errorUrn], status: '403' } })
      expect(refused.body.detail).toContain('only active administrator')
    }
    expect((await scim.call('GET', `/Users/${admin.id}`)).body).toEqual(admin)
    expect((await here.api('GET', '/me', undefined, withCookie(cookie))).status).toBe(200)
  })
})

describe('a deleted user', () => {
  test('is gone for clients, out of groups, deactivated, and stays for the past', async () => {
    const person = await makePerson(service, 'deleted@example.com')
    const display = `Staff ${person.id}`
    const group = await client.call('POST', '/Groups', {
      displayName: display,
      members: [{ value: person.id }],
    })
    expect((await client.call('DELETE', `/Users/${person.id}`)).status).toBe(204)
    expect((await client.call('GET', `/Users/${person.id}`)).status).toBe(404)
    expect((await client.call('DELETE', `/Users/${person.id}`)).status).toBe(404)
    for (const filter of [
      'userName eq "deleted@example.com"',
      'emails eq "deleted@example.com"',
      `id eq "${person.id}"`,
    ]) {
      const found = await client.call('GET', `/Users?filter=${encodeURIComponent(filter)}`)
      expect(found.body.totalResults, filter).toBe(0)
    }
    expect((await client.call('GET', `/Groups/${group.body.id}`)).body.members).toEqual([])
    const add = patch({ op: 'add', path: 'members', value: [{ value: person.id }] })
    await client.call('PATCH', `/Groups/${group.body.id}`, add)
    expect((await client.call('GET', `/Groups/${group.body.id}`)).body.members).toEqual([])
    expect((await service.api('GET', '/me', undefined, person.as)).status).toBe(401)
    expect(await directory(person.id)).toMatchObject({ status: 'inactive', has_account: false })
    expect(await typesAbout(person.id)).toContain('DIRECTORY_DEACTIVATED_USER')
  })

  test('who comes again is somebody else, without the rights of before', async () => {
    await makePerson(service, 'other-admin@example.com', { role: 'admin' })
    const before = await makePerson(service, 'comes.back@example.com', { role: 'admin' })
    await client.call('DELETE', `/Users/${before.id}`)
    const after = await create('Comes Back')
    expect(after.id).not.toBe(before.id)
    expect(await directory(after.id)).toMatchObject({ role: 'person', email: 'comes.back@example.com' })
    const token = await invite(service, after.id)
    const accepted = await service.api(
      'POST',
      '/invitations/accept',
      { token, password: 'correct horse battery' },
      { key: null },
    )
    expect(accepted).toMatchObject({ status: 200, body: { id: after.id, role: 'person' } })
  })

  test('who is activated by hand is there again', async () => {
    const { id } = await create('Undo Delete')
    await client.call('DELETE', `/Users/${id}`)
    await service.api('PATCH', `/users/${id}`, { status: 'active' })
    expect((await client.call('GET', `/Users/${id}`)).status).toBe(200)
  })
})

describe('an address of several accounts', () => {
  test('belongs to the first; the others are provisioned all the same', async () => {
    const emails = [{ value: 'shared@example.com', type: 'work', primary: true }]
    const owner = await create('Owner Account', { emails })
    const other = await create('Admin Account', { emails })
    expect(other.emails).toEqual(emails)
    expect(await directory(other.id)).toMatchObject({ email: 'shared@example.com' })
    const found = await client.call(
      'GET',
      `/Users?filter=${encodeURIComponent('emails.value eq "shared@example.com"')}`,
    )
    expect(found.body.Resources.map(({ id }) => id)).toEqual([owner.id, other.id])
    await invite(service, owner.id)
    expect(await service.api('POST', `/users/${other.id}/invite`)).toMatchObject({
      status: 409,
      body: { code: 'user_exists' },
    })
    const byHand = await service.api('POST', '/users', { email: 'shared@example.com' })
    expect(byHand).toMatchObject({ status: 409, body: { code: 'user_exists' } })
    // With an address of their own they can.
    await service.api('PATCH', `/users/${other.id}`, { email: 'own@example.com' })
    await invite(service, other.id)
  })

  test('is not for who signs in with one', async () => {
    const owner = await makePerson(service, 'mine@example.com')
    const other = await makePerson(service, 'theirs@example.com')
    const path = 'emails[type eq "work"].value'
    const refused = await change(other.id, { op: 'replace', path, value: 'mine@example.com' })
    expect(refused).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } })
    for (const { as } of [owner, other])
      expect((await service.api('GET', '/me', undefined, as)).status).toBe(200)
  })
})

describe('a manager', () => {
  test.each<[string, (user: ScimUser) => unknown]>([
    ['id', ({ id }) => ({ value: id })],
    ['a bare id', ({ id }) => id],
    ['userName', ({ userName }) => ({ value: userName.toUpperCase() })],
    ['externalId', ({ externalId }) => ({ value: externalId })],
  ])('is named by %s', async (what, named) => {
    const boss = await create(`Boss ${what}`)
    const { id } = await create(`Report ${what}`, {
      [enterpriseUrn]: { manager: named(boss) },
    })
    expect(await managerOf(id)).toEqual({
      manager: { value: boss.id, $ref: boss.meta.location, displayName: boss.displayName },
    })
    expect(await directory(id)).toMatchObject({ manager_id: boss.id })
    await change(id, { op: 'remove', path: `${enterpriseUrn}:manager` })
    expect(await directory(id)).toMatchObject({ manager_id: null })
  })

  test('may come after those whom they manage', async () => {
    const named = { [enterpriseUrn]: { manager: { value: 'late.boss@example.com' } } }
    const reports = [await create('Early One', named), await create('Early Two', named)]
    expect(await managerOf(reports[0]?.id ?? '')).toEqual({ manager: { value: 'late.boss@example.com' } })
    const boss = await create('Late Boss')
    for (const { id } of reports) {
      expect(await directory(id)).toMatchObject({ manager_id: boss.id })
      expect(await typesAbout(id)).toEqual(['DIRECTORY_CREATED_USER', 'DIRECTORY_UPDATED_USER'])
    }
  })

  test('who would be above themself is left out, and provisioning goes on', async () => {
    const top = await create('Top Dog')
    const below = await create('Under Dog', { [enterpriseUrn]: { manager: { value: top.id } } })
    for (const value of [top.id, below.id]) {
      const path = `${enterpriseUrn}:manager`
      expect((await change(top.id, { op: 'replace', path, value })).status).toBe(204)
      expect(await directory(top.id)).toMatchObject({ manager_id: null })
    }
    expect(await directory(below.id)).toMatchObject({ manager_id: top.id })
  })
})

describe('versions', () => {
  test('guard a change against another one', async () => {
    const { id, meta } = await create('Versioned One')
    const rename = patch({ op: 'replace', path: 'title', value: 'T' })
    const withMatch = (tag: string, method = 'PATCH') =>
      client.call(method, `/Users/${id}`, method === 'DELETE' ? undefined : rename, {
        headers: { 'if-match': tag },
      })
    expect(meta.version).toMatch(/^W\/"\d+"$/)
    expect((await withMatch(meta.version)).status).toBe(204)
    for (const method of ['PATCH', 'DELETE'])
      expect(await withMatch(meta.version, method)).toMatchObject({
        status: 412,
        body: { schemas: [errorUrn], status: '412' },
      })
    expect((await withMatch('*')).status).toBe(204)
    const { version } = (await read(id)).meta
    const unchanged = await client.call('GET', `/Users/${id}`, undefined, {
      headers: { 'if-none-match': version },
    })
    expect(unchanged).toMatchObject({ status: 304, text: '' })
  })
})

describe('attributes', () => {
  test('are those that are asked for, and the id', async () => {
    const { id, userName, emails } = await create('Choosy One', {
      title: 'T',
      [enterpriseUrn]: { department: 'D', division: 'E' },
    })
    const get = async (query: string) =>
      (await client.call('GET', `/Users/${id}?${query}`)).body as Record<string, unknown>
    const always = { schemas: [userUrn, enterpriseUrn], id }
    expect(await get('attributes=userName,EMAILS')).toEqual({ ...always, userName, emails })
    expect(await get('attributes=name.familyName, emails.type,nothing')).toEqual({
      ...always,
      name: { familyName: 'One' },
      emails: [{ type: 'work' }],
    })
    expect(await get(`attributes=${enterpriseUrn}:department`)).toEqual({
      ...always,
      [enterpriseUrn]: { department: 'D' },
    })
    expect(await get(`attributes=${enterpriseUrn}`)).toEqual({
      ...always,
      [enterpriseUrn]: { department: 'D', division: 'E' },
    })
    const less = await get(`excludedAttributes=emails,name.givenName,id,${enterpriseUrn}:division`)
    expect(less).toMatchObject({ id, [enterpriseUrn]: { department: 'D' }, name: { familyName: 'One' } })
    expect(less).not.toHaveProperty('emails')
    expect(less).not.toHaveProperty('name.givenName')
    expect(less).not.toHaveProperty([enterpriseUrn, 'division'])
  })

  test('have the groups of a user only when they are asked for', async () => {
    const { id } = await create('Grouped One')
    const group = await client.call('POST', '/Groups', { displayName: `G ${id}`, members: [{ value: id }] })
    expect(await read(id)).not.toHaveProperty('groups')
    const { body } = await client.call('GET', `/Users/${id}?attributes=groups`)
    expect(body.groups).toEqual([
      { value: group.body.id, display: `G ${id}`, type: 'direct', $ref: group.body.meta.location },
    ])
  })
})
