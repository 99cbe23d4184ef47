import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventsAbout } from '../directory/events-about.ts'
import { startTestService, type TestService } from '../support/harness.ts'
import {
  errorUrn,
  groupUrn,
  newUser,
  patch,
  type ScimClient,
  type ScimUser,
  scimClient,
} from './scim-client.ts'

let service: TestService
let client: ScimClient
let people: string[]
beforeAll(async () => {
  service = await startTestService()
  client = await scimClient(service)
  people = []
  for (let number = 0; number < 8; number++)
    people.push((await client.call('POST', '/Users', newUser(`Person N${number}`))).body.id)
})
afterAll(() => service.stop())

const unique = (() => {
  let count = 0
  return () => `Group ${++count}`
})()
const nobody = 'usr_01a211d37afb7626924c63990b80d981'
const create = async (members: unknown = [], displayName = unique()): Promise<ScimUser> => {
  const made = await client.call('POST', '/Groups', { schemas: [groupUrn], displayName, members })
  if (made.status !== 201) throw new Error(made.text)
  return made.body
}
const change = (id: string, ...operations: object[]) =>
  client.call('PATCH', `/Groups/${id}`, patch(...operations))
const membersOf = async (id: string) =>
  (await client.call('GET', `/Groups/${id}`)).body.members.map(({ value }) => value)
const person = (number: number) => people[number] ?? ''
const entry = (number: number) => ({ value: person(number) })

describe('a group', () => {
  test('is a group of the directory', async () => {
    const displayName = unique()
    const body = { schemas: [groupUrn], displayName, externalId: 'ext-1', members: [entry(0)] }
    const made = await client.call('POST', '/Groups', body)
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe(made.body.meta.location)
    expect(made.body).toMatchObject({
      schemas: [groupUrn],
      displayName,
      externalId: 'ext-1',
      members: [{ value: person(0), display: 'Person N0', type: 'User' }],
    })
    const { id } = made.body
    const read = await service.api('GET', `/groups/${id}`)
    expect(read.body).toMatchObject({
      name: displayName,
      source: 'scim',
      external_id: 'ext-1',
      member_count: 1,
    })
    expect((await eventsAbout(service, id)).map(({ type }) => type)).toEqual([
      'DIRECTORY_CREATED_GROUP',
      'DIRECTORY_UPDATED_GROUP',
    ])
  })

  test('is there once: another one with the displayName is refused, in any letter case', async () => {
    const { displayName } = await create()
    for (const name of [displayName, displayName.toUpperCase()]) {
      const again = await client.call('POST', '/Groups', { displayName: name })
      expect(again).toMatchObject({ status: 409, body: { schemas: [errorUrn], scimType: 'uniqueness' } })
    }
    const other = await create()
    const renamed = await change(other.id, { op: 'replace', path: 'displayName', value: displayName })
    expect(renamed).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } })
  })

  test('without a name is refused', async () => {
    for (const displayName of [undefined, null, '', '  ', 'a\nb', 'x'.repeat(201), {}]) {
      const refused = await client.call('POST', '/Groups', { displayName })
      expect(refused).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } })
    }
    const { id } = await create()
    const emptied = await change(id, { op: 'remove', path: 'displayName' })
    expect(emptied).toMatchObject({ status: 400, body: { scimType: 'mutability' } })
  })

  test('is read without its members where they are not wanted', async () => {
    const { id } = await create([entry(0), entry(1)])
    const without = await client.call('GET', `/Groups/${id}?excludedAttributes=members`)
    expect(without.body).not.toHaveProperty('members')
    const only = await client.call('GET', `/Groups/${id}?attributes=displayName`)
    expect(Object.keys(only.body)).toEqual(['schemas', 'id', 'displayName'])
    const list = await client.call('GET', '/Groups?excludedAttributes=members&count=1')
    expect(list.body.Resources[0]).not.toHaveProperty('members')
  })

  test('that something in Keyhook is for is not deleted, and says what', async () => {
    const { id } = await create([entry(0)])
    const app = await service.api<{ id: string }>('POST', '/apps', { name: 'Payroll', admins: [id] })
    expect(app.status, app.text).toBe(201)
    const refused = await client.call('DELETE', `/Groups/${id}`)
    expect(refused).toMatchObject({ status: 409, body: { schemas: [errorUrn], status: '409' } })
    expect(refused.body.detail).toContain('Payroll')
    expect((await client.call('GET', `/Groups/${id}`)).status).toBe(200)
  })

  test('that is not there is not found', async () => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const body =
        method === 'PUT'
          ? { displayName: unique() }
          : method === 'PATCH'
            ? patch({ op: 'remove', path: 'members' })
            : undefined
      const answer = await client.call(method, '/Groups/grp_0', body)
      expect(answer, method).toMatchObject({ status: 404, body: { schemas: [errorUrn] } })
    }
  })

  test('has versions', async () => {
    const { id, meta } = await create()
    const add = patch({ op: 'add', path: 'members', value: [entry(1)] })
    const headers = { 'if-match': meta.version }
    expect((await client.call('PATCH', `/Groups/${id}`, add, { headers })).status).toBe(204)
    for (const method of ['PATCH', 'DELETE']) {
      const late = await client.call(method, `/Groups/${id}`, method === 'PATCH' ? add : undefined, {
        headers,
      })
      expect(late).toMatchObject({ status: 412, body: { status: '412' } })
    }
    expect(await membersOf(id)).toEqual([person(1)])
  })
})

describe('members', () => {
  test.each<[string, () => object[], number[]]>([
    ['are added', () => [{ op: 'add', path: 'members', value: [entry(2), entry(3)] }], [0, 1, 2, 3]],
    ['are added twice', () => [{ op: 'Add', path: 'members', value: [entry(0), entry(0)] }], [0, 1]],
    ['are added as one object', () => [{ op: 'add', path: 'members', value: entry(2) }], [0, 1, 2]],
    ['are added as a bare id', () => [{ op: 'add', path: 'members', value: person(2) }], [0, 1, 2]],
    ['are added by the part', () => [{ op: 'add', path: 'members.value', value: person(2) }], [0, 1, 2]],
    [
      'are added with the schema before',
      () => [{ op: 'add', path: `${groupUrn}:members`, value: [entry(2)] }],
      [0, 1, 2],
    ],
    ['are added without a path', () => [{ op: 'add', value: { members: [entry(2)] } }], [0, 1, 2]],
    ['are removed by a filter', () => [{ op: 'remove', path: `members[value eq "${person(0)}"]` }], [1]],
    [
      'are removed by a filter with or',
      () => [{ op: 'remove', path: `members[value eq "${person(0)}" or value eq "${person(1)}"]` }],
      [],
    ],
    ['are removed by their name', () => [{ op: 'remove', path: 'members[display eq "person n1"]' }], [0]],
    [
      'are removed by a list, as Entra ID and JumpCloud',
      () => [{ op: 'Remove', path: 'members', value: [entry(1)] }],
      [0],
    ],
    ['are removed all', () => [{ op: 'remove', path: 'members' }], []],
    ['are replaced', () => [{ op: 'replace', path: 'members', value: [entry(3)] }], [3]],
    ['are replaced by nobody', () => [{ op: 'replace', path: 'members', value: [] }], []],
    [
      'are replaced one by another',
      () => [{ op: 'replace', path: `members[value eq "${person(0)}"]`, value: entry(4) }],
      [1, 4],
    ],
    [
      'that nobody knows are left out',
      () => [{ op: 'add', path: 'members', value: [{ value: nobody }, { value: 'string id 1' }, entry(2)] }],
      [0, 1, 2],
    ],
    [
      'that are groups are left out',
      () => [{ op: 'add', path: 'members', value: [{ value: 'grp_0', type: 'Group' }] }],
      [0, 1],
    ],
    [
      'that are not in are removed without complaint',
      () => [{ op: 'remove', path: `members[value eq "${nobody}"]` }],
      [0, 1],
    ],
    [
      'go and come in the order of the operations',
      () => [
        { op: 'add', path: 'members', value: [entry(2)] },
        { op: 'remove', path: `members[value eq "${person(2)}"]` },
        { op: 'remove', path: 'members' },
        { op: 'add', path: 'members', value: [entry(5)] },
        { op: 'add', path: 'members', value: [entry(6)] },
        { op: 'remove', path: `members[value eq "${person(5)}"]` },
      ],
      [6],
    ],
  ])('%s', async (_what, operations, expected) => {
    const { id } = await create([entry(0), entry(1)])
    const changed = await change(id, ...operations())
    expect(changed, changed.text).toMatchObject({ status: 204 })
    expect(await membersOf(id)).toEqual(expected.map(person).sort())
  })

  test('that are no members are refused', async () => {
    const { id } = await create([entry(0)])
    for (const value of [[5], [{ value: 5 }], [[entry(1)]], true]) {
      const refused = await change(id, { op: 'add', path: 'members', value })
      expect(refused, JSON.stringify(value)).toMatchObject({
        status: 400,
        body: { scimType: 'invalidValue' },
      })
    }
    const chosen = await change(id, { op: 'remove', path: 'members[shoe eq "1"]' })
    expect(chosen).toMatchObject({ status: 400, body: { scimType: 'invalidPath' } })
    expect(await membersOf(id)).toEqual([person(0)])
  })

  test('keep the name that the client has for them', async () => {
    const { id } = await create([{ value: person(0), display: 'VP' }])
    const namesOf = async () =>
      (await client.call('GET', `/Groups/${id}`)).body.members.map(({ display }) => display)
    expect(await namesOf()).toEqual(['VP'])
    await change(id, { op: 'add', path: 'members', value: [{ value: person(0), display: 'Senior VP' }] })
    expect(await namesOf()).toEqual(['Senior VP'])
    await change(id, { op: 'remove', path: 'members' }, { op: 'add', path: 'members', value: [entry(0)] })
    expect(await namesOf()).toEqual(['Senior VP'])
    await change(id, { op: 'remove', path: 'members' })
    await change(id, { op: 'add', path: 'members', value: [entry(0)] })
    expect(await namesOf()).toEqual(['Person N0'])
  })

  test('are told in the log, one entry for each change, and none when nothing changes', async () => {
    const { id } = await create([entry(0)])
    await change(id, { op: 'add', path: 'members', value: [entry(1)] })
    await change(id, { op: 'add', path: 'members', value: [entry(1)] })
    await change(id, { op: 'remove', path: `members[value eq "${person(0)}"]` })
    const told = (await eventsAbout(service, id)).map(({ metadata }) => Object.keys(metadata))
    expect(told).toEqual([['before', 'after'], ['members_added'], ['members_added'], ['members_removed']])
  })

  test('that are left out of a PUT go', async () => {
    const { id, displayName } = await create([entry(0), entry(1)])
    await client.call('PUT', `/Groups/${id}`, { displayName, members: [entry(1), entry(2)] })
    expect(await membersOf(id)).toEqual([person(1), person(2)])
    await client.call('PUT', `/Groups/${id}`, { displayName })
    expect(await membersOf(id)).toEqual([])
  })
})

describe('several at once', () => {
  test('changes of one group by two clients are all there', async () => {
    const other = await scimClient(service, 'Entra ID')
    const { id } = await create()
    const answers = await Promise.all(
      people.map((value, index) =>
        (index % 2 === 0 ? client : other).call(
          'PATCH',
          `/Groups/${id}`,
          patch({ op: 'add', path: 'members', value: [{ value }] }),
        ),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(people.map(() => 204))
    expect(await membersOf(id)).toEqual([...people].sort())
    const removals = people.map((value) => change(id, { op: 'remove', path: `members[value eq "${value}"]` }))
    const additions = people
      .slice(0, 2)
      .map((value) => change(id, { op: 'add', path: 'members', value: [{ value, display: 'X' }] }))
    for (const { status } of await Promise.all([...removals, ...additions])) expect(status).toBe(204)
  })

  test('of two clients who make the same group or user, one does', async () => {
    const other = await scimClient(service, 'JumpCloud')
    const displayName = unique()
    const groups = await Promise.all(
      [client, other, client, other].map((by) => by.call('POST', '/Groups', { displayName })),
    )
    expect(groups.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
    const users = await Promise.all(
      [client, other, client, other].map((by) => by.call('POST', '/Users', newUser('Same Person'))),
    )
    expect(users.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
  })

  test('two clients see the same directory, and the log says which of them it was', async () => {
    const other = await scimClient(service, 'Second client')
    const { id } = await create([entry(0)])
    expect((await other.call('GET', `/Groups/${id}`)).body.members).toHaveLength(1)
    await other.call('PATCH', `/Groups/${id}`, patch({ op: 'remove', path: 'members' }))
    const events = await service.ctx.db.selectFrom('event_inbox').select(['actor', 'targets']).execute()
    const placed = await service.ctx.db.selectFrom('events').select(['actor', 'targets']).execute()
    const actors = [...events, ...placed]
      .filter(({ targets }) => targets.some(({ target_data }) => target_data.id === id))
      .map(({ actor }) => actor.actor_data.given_name)
    expect(new Set(actors)).toEqual(new Set(['Okta', 'Second client']))
  })
})
