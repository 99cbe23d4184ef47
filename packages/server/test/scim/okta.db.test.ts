/** The flows of Okta's guide to SCIM 2.0, with the bodies that it shows. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'
import { filterBy, groupUrn, patch, patchUrn, type ScimClient, scimClient, userUrn } from './scim-client.ts'

let service: TestService
let okta: ScimClient
beforeAll(async () => {
  service = await startTestService()
  okta = await scimClient(service)
})
afterAll(() => service.stop())

/** As Okta sends them, with a password that is nobody's. */
const oktaUser = (name: string) => ({
  schemas: [userUrn],
  userName: `${name}@okta.local`,
  name: { givenName: 'Test', familyName: 'User' },
  emails: [{ primary: true, value: `${name}@okta.local`, type: 'work' }],
  displayName: 'Test User',
  locale: 'en-US',
  externalId: `00u-${name}`,
  groups: [],
  password: '1mz050nq',
  active: true,
})
const find = (filter: string, of = 'Users') =>
  okta.call('GET', `/${of}?${filterBy(filter)}&startIndex=1&count=100`)
const created = async (name: string) => (await okta.call('POST', '/Users', oktaUser(name))).body

describe('a user who is assigned in Okta', () => {
  test('is looked for, made, and found from then on', async () => {
    const before = await find('userName eq "new@okta.local"')
    expect(before).toMatchObject({
      status: 200,
      body: { totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] },
    })
    const made = await okta.call('POST', '/Users', oktaUser('new'))
    expect(made.status).toBe(201)
    const { password: _password, groups: _groups, ...sent } = oktaUser('new')
    expect(made.body).toMatchObject(sent)
    expect(made.text).not.toContain('1mz050nq')
    expect(made.headers.get('location')).toBe(`${service.url}/scim/v2/Users/${made.body.id}`)
    expect(made.body.meta).toEqual({
      resourceType: 'User',
      created: expect.any(String),
      lastModified: expect.any(String),
      location: made.headers.get('location'),
      version: made.headers.get('etag'),
    })
    const after = await find('userName eq "NEW@okta.local"')
    expect(after.body).toMatchObject({ totalResults: 1, itemsPerPage: 1, Resources: [made.body] })
    expect(await okta.call('POST', '/Users', oktaUser('new'))).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness', status: '409' },
    })
  })

  test('who is in the directory already is found and taken over', async () => {
    const email = 'byhand@okta.local'
    const { body } = await service.api<{ id: string }>('POST', '/users', { email, title: 'Clerk' })
    const found = await find(`userName eq "${email}"`)
    expect(found.body.Resources).toMatchObject([
      { id: body.id, userName: email, title: 'Clerk', emails: [{ value: email, primary: true }] },
    ])
    const put = await okta.call('PUT', `/Users/${body.id}`, { ...oktaUser('byhand'), id: body.id })
    expect(put).toMatchObject({
      status: 200,
      body: { externalId: '00u-byhand', name: { givenName: 'Test' } },
    })
    const read = await service.api('GET', `/users/${body.id}`)
    expect(read.body).toMatchObject({ source: 'scim', external_id: '00u-byhand', name: 'Test User' })
  })

  test('is changed by GET and PUT of what was read', async () => {
    const { id } = await created('changed')
    const { body } = await okta.call('GET', `/Users/${id}`)
    const name = { givenName: 'Another', middleName: 'Excited', familyName: 'User' }
    const put = await okta.call('PUT', `/Users/${id}`, { ...body, name })
    expect(put).toMatchObject({ status: 200, body: { id, name, userName: 'changed@okta.local' } })
    expect((await okta.call('GET', `/Users/${id}`)).body).toEqual(put.body)
  })

  test('is deactivated and activated by PATCH, as integrations of the network do', async () => {
    const { id } = await created('patched')
    const off = await okta.call('PATCH', `/Users/${id}`, patch({ op: 'replace', value: { active: false } }))
    expect(off).toMatchObject({ status: 204, text: '' })
    expect((await okta.call('GET', `/Users/${id}`)).body.active).toBe(false)
    expect((await find('userName eq "patched@okta.local"')).body.Resources).toMatchObject([
      { id, active: false },
    ])
    await okta.call('PATCH', `/Users/${id}`, patch({ op: 'replace', value: { active: true } }))
    expect((await okta.call('GET', `/Users/${id}`)).body.active).toBe(true)
  })

  test('is deactivated and activated by PUT, as integrations of the wizard do', async () => {
    const made = await created('put')
    const off = await okta.call('PUT', `/Users/${made.id}`, { ...made, active: false })
    expect(off).toMatchObject({ status: 200, body: { active: false } })
    expect((await service.api('GET', `/users/${made.id}`)).body).toMatchObject({ status: 'inactive' })
    await okta.call('PUT', `/Users/${made.id}`, { ...made, active: true })
    expect((await service.api('GET', `/users/${made.id}`)).body).toMatchObject({ status: 'active' })
  })

  test('sends a password that is kept nowhere', async () => {
    const { id } = await created('secret')
    const body = patch({ op: 'replace', value: { password: 'hunter2hunter2' } })
    expect((await okta.call('PATCH', `/Users/${id}`, body)).status).toBe(204)
    expect((await okta.call('GET', `/Users/${id}`)).text).not.toContain('hunter2')
  })
})

test('an import reads page after page, in one order', async () => {
  const { totalResults } = (await okta.call('GET', '/Users?startIndex=1&count=2')).body
  expect(totalResults).toBeGreaterThan(4)
  const ids: string[] = []
  for (let startIndex = 1; startIndex <= totalResults; startIndex += 2) {
    const { body } = await okta.call('GET', `/Users?startIndex=${startIndex}&count=2`)
    expect(body).toMatchObject({ totalResults, startIndex, itemsPerPage: body.Resources.length })
    ids.push(...body.Resources.map(({ id }) => id))
  }
  expect(ids).toEqual([...new Set(ids)].sort())
  expect(ids).toHaveLength(totalResults)
})

describe('a group that is pushed', () => {
  const newGroup = async (displayName: string) =>
    (await okta.call('POST', '/Groups', { schemas: [groupUrn], displayName, members: [] })).body
  const membersOf = async (id: string) =>
    (await okta.call('GET', `/Groups/${id}`)).body.members.map(({ value }) => value)

  test('is looked for, made, filled, renamed and deleted', async () => {
    expect((await find('displayName eq "Test SCIMv2"', 'Groups')).body.totalResults).toBe(0)
    const group = await newGroup('Test SCIMv2')
    expect(group).toMatchObject({ schemas: [groupUrn], displayName: 'Test SCIMv2', members: [] })
    const [one, two] = [await created('one'), await created('two')]
    const display = 'one@okta.local'
    const add = { op: 'add', path: 'members', value: [{ value: one.id, display }] }
    expect((await okta.call('PATCH', `/Groups/${group.id}`, patch(add))).status).toBe(204)
    expect((await okta.call('GET', `/Groups/${group.id}`)).body.members).toEqual([
      { value: one.id, display, type: 'User', $ref: `${service.url}/scim/v2/Users/${one.id}` },
    ])
    // Membership and name change together.
    const remove = { op: 'remove', path: `members[value eq "${one.id}"]` }
    const addTwo = { op: 'add', path: 'members', value: [{ value: two.id }] }
    const rename = { op: 'replace', value: { id: group.id, displayName: 'Test SCIMv20' } }
    await okta.call('PATCH', `/Groups/${group.id}`, patch(remove, addTwo, rename))
    expect(await membersOf(group.id)).toEqual([two.id])
    const found = await find('displayName eq "test scimv20"', 'Groups')
    expect(found.body.Resources).toMatchObject([{ id: group.id, displayName: 'Test SCIMv20' }])
    expect((await okta.call('DELETE', `/Groups/${group.id}`)).status).toBe(204)
    expect((await okta.call('GET', `/Groups/${group.id}`)).status).toBe(404)
  })

  test('is replaced whole, by PATCH and by PUT', async () => {
    const group = await newGroup('Whole')
    const users = [await created('w1'), await created('w2'), await created('w3')]
    const ids = users.map(({ id }) => id)
    const all = users.map(({ id, userName }) => ({ value: id, display: userName }))
    const replace = { schemas: [patchUrn], Operations: [{ op: 'replace', path: 'members', value: all }] }
    await okta.call('PATCH', `/Groups/${group.id}`, replace)
    expect(await membersOf(group.id)).toEqual(ids)
    const body = { schemas: [groupUrn], displayName: 'Whole', members: all.slice(1) }
    const put = await okta.call('PUT', `/Groups/${group.id}`, body)
    expect(put).toMatchObject({ status: 200, body: { members: all.slice(1) } })
    await okta.call('PUT', `/Groups/${group.id}`, { ...body, members: [] })
    expect(await membersOf(group.id)).toEqual([])
  })
})
