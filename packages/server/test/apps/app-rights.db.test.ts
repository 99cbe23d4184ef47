import type { AppRead, PermissionRead } from '@keyhook/contract/api/app.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { PreApprovalRuleRead } from '@keyhook/contract/api/pre-approval-rule.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call } from '../access/support.ts'
import { type ApiOptions, startTestService, type TestService } from '../support/harness.ts'
import { makePerson, type Person } from '../support/person.ts'

let service: TestService
let adminOfApp: Person
let adminOfOther: Person
let person: Person
let app: AppRead
let permission: PermissionRead
let rule: PreApprovalRuleRead

beforeAll(async () => {
  service = await startTestService()
  adminOfApp = await makePerson(service, 'app.admin@example.com')
  adminOfOther = await makePerson(service, 'other.admin@example.com')
  person = await makePerson(service, 'person@example.com')
  const { id: group } = await call<{ id: string }>(service, 'POST', '/groups', { name: 'App admins' })
  await call(service, 'PUT', `/groups/${group}/members/${adminOfApp.id}`)
  await call(service, 'POST', '/apps', { name: 'Other', admins: [adminOfOther.id] })
  app = await call<AppRead>(service, 'POST', '/apps', { name: 'Ledger', admins: [group] })
  const path = `/apps/${app.id}`
  permission = await call<PermissionRead>(service, 'POST', `${path}/permissions`, { label: 'Read' })
  rule = await call<PreApprovalRuleRead>(service, 'POST', `${path}/pre-approval-rules`, {})
})
afterAll(() => service.stop())

type Route = [string, (at: string) => string, (() => object)?]
const permissionAt = (at: string) => `${at}/permissions/${permission.id}`
const ruleAt = (at: string) => `${at}/pre-approval-rules/${rule.id}`
const simulated = () => ({ permission_ids: [permission.id], requester_id: person.id })

/** Routes of one app that its app admins may call; none of these bodies changes what the others need. */
const ofAppAdmins: Route[] = [
  ['GET', (at) => at],
  ['PATCH', (at) => at, () => ({ description: 'New' })],
  ['GET', (at) => `${at}/chain`],
  ['POST', (at) => `${at}/simulate`, simulated],
  ['GET', (at) => `${at}/permissions`],
  ['POST', (at) => `${at}/permissions`, () => ({ label: `P ${performance.now()}` })],
  ['GET', permissionAt],
  ['PATCH', permissionAt, () => ({ description: 'New' })],
  ['GET', (at) => `${at}/pre-approval-rules`],
  ['POST', (at) => `${at}/pre-approval-rules`, () => ({})],
  ['GET', ruleAt],
  ['PATCH', ruleAt, () => ({ enabled: false })],
  ['DELETE', ruleAt],
  ['DELETE', permissionAt],
]
const ofAdministrators: Route[] = [
  ['POST', () => '/apps', () => ({ name: 'New' })],
  ['DELETE', (at) => at],
]

const answerTo = ([method, path, body]: Route, options: ApiOptions) =>
  service.api<Problem>(method, path(`/apps/${app.id}`), body?.(), options)
const nameOf = ([method, path]: Route) => `${method} ${path('').replace(/[a-z]+_[0-9a-f]{32}/, '…')}`

describe('what one may not see answers as if it were not there', () => {
  test('without signing in, nothing is answered', async () => {
    for (const route of [...ofAppAdmins, ...ofAdministrators])
      expect((await answerTo(route, { key: null })).status, nameOf(route)).toBe(401)
  })

  test('persons and app admins of other apps find no app', async () => {
    for (const route of ofAppAdmins) {
      for (const { as } of [person, adminOfOther]) {
        const answer = await answerTo(route, as)
        expect([answer.status, answer.body.code], nameOf(route)).toEqual([404, 'not_found'])
        expect(answer.body.detail).toBe('There is no such app.')
      }
    }
  })

  test('an app that never existed answers the same', async () => {
    const answer = await service.api<Problem>('GET', `/apps/app_${'0'.repeat(32)}`)
    expect([answer.status, answer.body.detail]).toEqual([404, 'There is no such app.'])
  })

  test('making and archiving apps is for administrators', async () => {
    for (const route of ofAdministrators) {
      for (const { as } of [person, adminOfOther, adminOfApp])
        expect((await answerTo(route, as)).status, nameOf(route)).toBe(404)
    }
  })

  test('the list has the apps that one is app admin of, and none for others', async () => {
    const seen = async ({ as }: Person) => {
      const { data } = await call<Page<AppRead>>(service, 'GET', '/apps', undefined, as)
      return data.map(({ name }) => name)
    }
    expect([await seen(adminOfApp), await seen(adminOfOther), await seen(person)]).toEqual([
      ['Ledger'],
      ['Other'],
      [],
    ])
  })
})

describe('app admins', () => {
  test('do not change whose the app is, and may send along what stays', async () => {
    const at = `/apps/${app.id}`
    const refused = await service.api<Problem>(
      'PATCH',
      at,
      { admins: [...app.admins, person.id], owner_id: person.id },
      adminOfApp.as,
    )
    expect(refused.status).toBe(422)
    expect(refused.body.errors).toEqual([
      { pointer: '/admins', detail: 'Only administrators change this.' },
      { pointer: '/owner_id', detail: 'Only administrators change this.' },
    ])
    const same = { admins: app.admins, owner_id: null, category: 'Finance' }
    expect((await service.api('PATCH', at, same, adminOfApp.as)).status).toBe(200)
  })

  test('by a group may do the rest, also simulate for others', async () => {
    for (const route of ofAppAdmins)
      expect((await answerTo(route, adminOfApp.as)).status, nameOf(route)).toBeLessThan(300)
  })

  test('are out as soon as nobody names them any more', async () => {
    await call(service, 'PATCH', `/apps/${app.id}`, { admins: [] })
    expect((await service.api('GET', `/apps/${app.id}`, undefined, adminOfApp.as)).status).toBe(404)
  })
})
