/** Saved searches of the activity log: whose they are, who sees them, and what is refused. */
import type { SavedSearchRead } from '@keyhook/contract/api/saved-search.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'
import { makePerson, type Person } from '../support/person.ts'

let service: TestService
let ada: Person
let bob: Person
beforeAll(async () => {
  service = await startTestService()
  ada = await makePerson(service, 'ada@example.com', { role: 'admin', given_name: 'Ada' })
  bob = await makePerson(service, 'bob@example.com', { role: 'admin', given_name: 'Bob' })
})
afterAll(() => service.stop())

const failures = { name: 'Failures', filters: { outcome: 'FAILED', q: 'vpn' } }

async function save(person: Person, more: object = {}) {
  const made = await service.api<SavedSearchRead>(
    'POST',
    '/saved-searches',
    { ...failures, ...more },
    person.as,
  )
  expect(made.status, made.text).toBe(201)
  return { ...made.body, etag: made.headers.get('etag') ?? '' }
}

async function seenBy(person: Person): Promise<SavedSearchRead[]> {
  return (await service.api<{ data: SavedSearchRead[] }>('GET', '/saved-searches', undefined, person.as)).body
    .data
}

test('a search is its owner’s until it is shared, and only its owner changes it', async () => {
  const { id } = await save(ada)
  expect(await seenBy(ada)).toMatchObject([{ id, ...failures, shared: false, mine: true }])
  expect(await seenBy(bob)).toEqual([])
  const change = (person: Person, members: object) =>
    service.api<SavedSearchRead>('PATCH', `/saved-searches/${id}`, members, person.as)
  expect((await change(bob, { name: 'Bob’s' })).status).toBe(404)
  expect((await change(ada, { shared: true, name: 'All failures' })).body).toMatchObject({
    name: 'All failures',
    filters: failures.filters,
    shared: true,
  })
  expect(await seenBy(bob)).toMatchObject([{ id, name: 'All failures', mine: false }])
  expect((await change(bob, { name: 'Bob’s' })).status).toBe(404)
  expect((await service.api('DELETE', `/saved-searches/${id}`, undefined, bob.as)).status).toBe(404)
  expect((await service.api('DELETE', `/saved-searches/${id}`, undefined, ada.as)).status).toBe(204)
  expect((await service.api('DELETE', `/saved-searches/${id}`, undefined, ada.as)).status).toBe(404)
  expect(await seenBy(bob)).toEqual([])
})

test('filters are replaced as a whole, and a change against another version is refused', async () => {
  const { id, etag } = await save(ada)
  const change = (filters: object, ifMatch: string) =>
    service.api<SavedSearchRead>(
      'PATCH',
      `/saved-searches/${id}`,
      { filters },
      { key: null, headers: { cookie: ada.cookie, 'if-match': ifMatch } },
    )
  const changed = await change({ type: 'CUSTOM_X' }, etag)
  expect(changed.body.filters).toEqual({ type: 'CUSTOM_X' })
  expect((await change({ type: 'CUSTOM_Y' }, etag)).status).toBe(412)
  expect((await change({ type: 'CUSTOM_Y' }, changed.headers.get('etag') ?? '')).status).toBe(200)
})

test.each<[string, unknown, string]>([
  ['no name', { filters: { q: 'x' } }, '/name'],
  ['an empty name', { name: ' ', filters: { q: 'x' } }, '/name'],
  ['a long name', { name: 'x'.repeat(101), filters: { q: 'x' } }, '/name'],
  ['no filters', { name: 'x' }, '/filters'],
  ['filters that are empty', { name: 'x', filters: {} }, '/filters'],
  ['a filter that is none', { name: 'x', filters: { cursor: 'x' } }, '/filters'],
  ['an outcome that is none', { name: 'x', filters: { outcome: 'MAYBE' } }, '/filters/outcome'],
  ['a time that is none', { name: 'x', filters: { from: 'yesterday' } }, '/filters/from'],
  ['another’s name for it', { name: 'x', filters: { q: 'x' }, owner_id: 'usr_1' }, '/owner_id'],
])('%s is refused, and the member named', async (_name, body, pointer) => {
  const answer = await service.api<{ errors: { pointer: string }[] }>('POST', '/saved-searches', body, ada.as)
  expect(answer.status).toBe(422)
  expect(answer.body.errors.map((error) => error.pointer)).toContain(pointer)
})

test('the same request made again makes no second one', async () => {
  const eve = await makePerson(service, 'eve@example.com', { role: 'admin' })
  const again = () =>
    service.api<SavedSearchRead>('POST', '/saved-searches', failures, {
      key: null,
      headers: { cookie: eve.cookie, 'idempotency-key': 'once' },
    })
  const first = await again()
  expect((await again()).body).toEqual(first.body)
  expect(await seenBy(eve)).toHaveLength(1)
})

test('one person keeps a hundred at most', async () => {
  const carl = await makePerson(service, 'carl@example.com', { role: 'admin' })
  for (let n = 0; n < 100; n++) await save(carl, { name: `Search ${n}` })
  const more = await service.api('POST', '/saved-searches', failures, carl.as)
  expect(more.status).toBe(429)
  expect((await save(bob)).mine).toBe(true)
})

test('only administrators have any', async () => {
  const dora = await makePerson(service, 'dora@example.com')
  expect((await service.api('GET', '/saved-searches', undefined, dora.as)).status).toBe(404)
  expect((await service.api('POST', '/saved-searches', failures, dora.as)).status).toBe(404)
})
