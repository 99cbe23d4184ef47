import type { AppRead, CatalogueEntry, CatalogueItem } from '@keyhook/contract/api/app.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call, type MadeApp, makeApp } from '../access/support.ts'
import { startTestService, type TestService } from '../support/harness.ts'
import { makePerson, type Person } from '../support/person.ts'

type Catalogue = Page<CatalogueItem> & { categories: string[] }

let service: TestService
let ada: Person
let bob: Person
let finance: string
let ledger: MadeApp
let hidden: MadeApp

beforeAll(async () => {
  service = await startTestService()
  ada = await makePerson(service, 'ada@example.com')
  bob = await makePerson(service, 'bob@example.com')
  finance = (await call<{ id: string }>(service, 'POST', '/groups', { name: 'Finance' })).id
  await call(service, 'PUT', `/groups/${finance}/members/${ada.id}`)
  ledger = await makeApp(service, {
    name: 'Ledger',
    description: 'Books 100%',
    icon: '📒',
    category: 'Finance',
    owner_id: bob.id,
    permissions: ['Read', 'Write', 'Close'],
    access_lengths_seconds: [3_600, null],
    intake_fields: [{ label: 'Why', type: 'text' }],
  })
  hidden = await makeApp(service, { name: 'Payroll', category: 'Secret', visible_to: [finance] })
  await makeApp(service, { name: 'Wiki', category: 'Office' })
  await makeApp(service, { name: 'Calendar', category: 'Office' })
  const old = await makeApp(service, { name: 'Old', category: 'Gone' })
  await call(service, 'DELETE', `/apps/${old.id}`)
})
afterAll(() => service.stop())

const read = (who: Person, query = '') =>
  call<Catalogue>(service, 'GET', `/catalogue${query}`, undefined, who.as)
const names = ({ data }: Catalogue) => data.map(({ name }) => name)
const entry = (who: Person, app: AppRead) =>
  service.api<CatalogueEntry>('GET', `/catalogue/${app.id}`, undefined, who.as)
const ask = (app: MadeApp, label: string) =>
  call(
    service,
    'POST',
    '/access-requests',
    {
      app_id: app.id,
      permission_ids: app.permissions.filter((one) => one.label === label).map(({ id }) => id),
      access_length_seconds: 3_600,
    },
    { ...ada.as, headers: { ...ada.as.headers, prefer: 'wait=20' } },
  )

describe('what there is', () => {
  test('by name, without what was archived or is not for the caller, and its categories', async () => {
    const forAda = await read(ada)
    expect(names(forAda)).toEqual(['Calendar', 'Ledger', 'Payroll', 'Wiki'])
    expect(forAda.categories).toEqual(['Finance', 'Office', 'Secret'])
    const forBob = await read(bob)
    expect(names(forBob)).toEqual(['Calendar', 'Ledger', 'Wiki'])
    expect(forBob.categories).toEqual(['Finance', 'Office'])
    expect(forBob.data[1]).toEqual({
      id: ledger.id,
      name: 'Ledger',
      description: 'Books 100%',
      icon: '📒',
      category: 'Finance',
      held: 0,
      requested: 0,
    })
  })

  test.each([
    ['?q=led', ['Ledger']],
    ['?q=BOOKS', ['Ledger']],
    ['?q=office', ['Calendar', 'Wiki']],
    ['?q=100%25', ['Ledger']],
    ['?q=%25', ['Ledger']],
    ['?q=_', []],
    ['?q=%20', ['Calendar', 'Ledger', 'Wiki']],
    ['?category=Office', ['Calendar', 'Wiki']],
    ['?category=office', []],
    ['?category=Office&q=wiki', ['Wiki']],
  ])('%s finds %j', async (query, found) => expect(names(await read(bob, query))).toEqual(found))

  test('pages hold as many as they should, however many are not for the caller', async () => {
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await read(bob, `?limit=1${cursor}`)
      expect(page.data).toHaveLength(1)
      seen.push(...names(page))
      cursor = page.next_cursor ? `&cursor=${page.next_cursor}` : ''
    } while (cursor)
    expect(seen).toEqual(['Calendar', 'Ledger', 'Wiki'])
  })

  test.each(['limit=0', 'cursor=x', 'cursor=WzFd', 'colour=red'])('refuses %s', async (query) => {
    expect((await service.api('GET', `/catalogue?${query}`, undefined, bob.as)).status).toBe(422)
  })

  test('nobody sees it without signing in', async () => {
    for (const path of ['/catalogue', `/catalogue/${ledger.id}`])
      expect((await service.api('GET', path, undefined, { key: null })).status).toBe(401)
  })
})

test('app admins see their apps, whoever may ask for them', async () => {
  await call(service, 'PATCH', `/apps/${hidden.id}`, { admins: [bob.id] })
  expect(names(await read(bob))).toContain('Payroll')
  await call(service, 'PATCH', `/apps/${hidden.id}`, { admins: [] })
  expect(names(await read(bob))).not.toContain('Payroll')
})

test('an entry has what the form of a request needs, and nothing of how it is decided', async () => {
  const { status, body } = await entry(bob, ledger)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    name: 'Ledger',
    owner: { id: bob.id },
    request_for_others: true,
    access_lengths_seconds: [3_600, null],
    intake_fields: [{ label: 'Why', type: 'text' }],
  })
  expect(body.permissions.map(({ label, held }) => [label, held])).toEqual([
    ['Close', false],
    ['Read', false],
    ['Write', false],
  ])
  expect(Object.keys(body)).not.toContain('approvers')
  expect(Object.keys(body)).not.toContain('webhooks')
})

test('what is not for the caller, was archived or never was, is not there', async () => {
  const old = await makeApp(service, { name: 'Short' })
  await call(service, 'DELETE', `/apps/${old.id}`)
  for (const app of [hidden, old, { ...old, id: 'app_x' }]) expect((await entry(bob, app)).status).toBe(404)
  expect((await entry(ada, hidden)).status).toBe(200)
})

test('counts what the caller has and what is under way, each person their own', async () => {
  const counts = async (who: Person) => {
    const item = (await read(who, '?q=ledger')).data[0]
    return [item?.held, item?.requested]
  }
  await call(service, 'PATCH', `/apps/${ledger.id}`, { approvers: [{ type: 'manager' }] })
  await ask(ledger, 'Read')
  expect([await counts(ada), await counts(bob)]).toEqual([
    [0, 1],
    [0, 0],
  ])
  await call(service, 'PATCH', `/apps/${ledger.id}`, { approvers: [] })
  // Without a webhook a person gives it.
  await ask(ledger, 'Write')
  expect(await counts(ada)).toEqual([0, 2])
  const tasks = await call<Page<{ id: string; kind: string }>>(service, 'GET', '/tasks')
  const task = tasks.data.find(({ kind }) => kind === 'confirm_provisioning')
  await call(service, 'POST', `/tasks/${task?.id}/complete`, {})
  expect(await counts(ada)).toEqual([1, 1])
  const { body } = await entry(ada, ledger)
  expect(body.permissions.filter(({ held }) => held).map(({ label }) => label)).toEqual(['Write'])
  expect(await counts(bob)).toEqual([0, 0])
})
