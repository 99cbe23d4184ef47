/**
 * Every route of the list that needs a caller, tried as each level, on own things and on those of others. What one may not
 * see or do answers as if it were not there. A new route without a row in the operation table does not start; one with a
 * body or a thing of its own that is not in the tables below fails here.
 */
import type { DeliveryDetail } from '@keyhook/contract/api/delivery.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { UserRead } from '@keyhook/contract/api/user.ts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { operationTable } from '../../src/http/operation-table.ts'
import { call, makeApp, makeUser, makeWebhook, submit } from '../access/support.ts'
import { type ApiOptions, startTestService, type TestService } from '../support/harness.ts'
import { json, type Receiver, startReceiver } from '../support/receiver.ts'

type Operation = { id: string; method: string; path: string; hasBody: boolean }
type Caller = 'nobody' | 'person' | 'owner' | 'other_app_admin' | 'app_admin' | 'admin'
type Spec = { paths: Record<string, Record<string, { operationId?: string; requestBody?: unknown }>> }

let service: TestService
let receiver: Receiver
let operations: Operation[] = []
const as = {} as Record<Caller, ApiOptions>
/** Values of path parameters, by what stands before them. */
const things: Record<string, string> = {}

beforeAll(async () => {
  service = await startTestService()
  receiver = await startReceiver(json(204))
  const spec = (await (await fetch(`${service.url}/api/openapi.json`)).json()) as Spec
  operations = Object.entries(spec.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId = '', requestBody }]) =>
      path.startsWith('/api/v1') && Object.hasOwn(operationTable, operationId)
        ? [
            {
              id: operationId,
              method: method.toUpperCase(),
              path: path.slice(7),
              hasBody: requestBody !== undefined,
            },
          ]
        : [],
    ),
  )
  await setUpThings()
})
afterAll(async () => {
  await service.stop()
  await receiver.close()
})

async function signedIn(more: object = {}): Promise<{ user: UserRead; options: ApiOptions }> {
  const user = await makeUser(service, more)
  const { url } = await call<{ url: string }>(service, 'POST', `/users/${user.id}/invite`)
  const body = { token: new URL(url).hash.replace('#token=', ''), password: 'correct horse battery' }
  const accepted = await service.api('POST', '/invitations/accept', body, { key: null })
  const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return { user, options: { key: null, headers: { cookie } } }
}

/** A small company in which everything belongs to somebody. */
async function setUpThings(): Promise<void> {
  const person = await signedIn()
  const appAdmin = await signedIn()
  const otherAdmin = await signedIn()
  const owner = await signedIn()
  as.nobody = { key: null }
  as.person = person.options
  as.owner = owner.options
  as.app_admin = appAdmin.options
  as.other_app_admin = otherAdmin.options
  as.admin = {}
  const approvers = [{ type: 'app_admins' }]
  const app = await makeApp(service, { admins: [appAdmin.user.id], approvers, visible_to: [owner.user.id] })
  await makeApp(service, { admins: [otherAdmin.user.id], approvers })
  const rule = await call<{ id: string }>(service, 'POST', `/apps/${app.id}/pre-approval-rules`, {
    enabled: false,
  })
  const { id: webhook } = await makeWebhook(service, 'provisioning', receiver.url)
  const open = await makeApp(service, { admins: [appAdmin.user.id], webhooks: { provisioning: webhook } })
  const active = await submit(service, open, owner.user.id)
  const waiting = await submit(service, app, owner.user.id)
  const review = await call<{ id: string }>(service, 'POST', '/access-reviews', {
    name: 'Review',
    reviewers: { type: 'app_admins' },
    deadline: new Date(Date.now() + 86_400_000).toISOString(),
  })
  const items = () => call<Page<{ id: string }>>(service, 'GET', `/access-reviews/${review.id}/items`)
  await vi.waitFor(async () => expect((await items()).data.length).toBeGreaterThan(0), { timeout: 10_000 })
  Object.assign(things, {
    'apps/:id': app.id,
    'permissions/:permissionId': app.permissions[0]?.id,
    'pre-approval-rules/:ruleId': rule.id,
    'catalogue/:id': app.id,
    'access-requests/:id': waiting.id,
    'tasks/:id': waiting.tasks[0]?.id,
    'deliveries/:id': active.timeline.flatMap(({ delivery_id }) => delivery_id ?? [])[0],
    'grants/:id': active.grants[0]?.id,
    'access-reviews/:id': review.id,
    'items/:itemId': (await items()).data[0]?.id,
  })
}

/** A body that is right as far as can be told before it is known who asks. */
const bodies: Record<string, unknown> = {
  changeApp: { description: 'Changed' },
  createPermission: { label: 'New' },
  changePermission: { description: 'Changed' },
  createPreApprovalRule: {},
  changePreApprovalRule: { name: 'Changed' },
  simulateRequest: () => ({ permission_ids: [things['permissions/:permissionId']] }),
  createAccessRequest: () => ({
    app_id: things['apps/:id'],
    permission_ids: [things['permissions/:permissionId']],
  }),
  checkAccessRequest: () => ({ permission_ids: [things['permissions/:permissionId']] }),
  approveAccessRequest: { comment: null },
  denyAccessRequest: { reason: 'No' },
  cancelAccessRequest: {},
  completeTask: {},
  sendTaskAgain: {},
  revokeGrant: { reason: 'No' },
  extendGrant: { access_length_seconds: 3_600 },
  decideReviewItem: { decision: 'keep' },
  decideReviewItems: () => ({ decisions: [{ item_id: things['items/:itemId'], decision: 'keep' }] }),
  changePassword: { current_password: 'wrong wrong wrong', new_password: 'another long password' },
  changeNoticePreferences: { approvals: 'none' },
}

/** Operations of level `person` that are about the caller alone, or show each caller only what is theirs. */
const ownOnly = [
  ...['getMe', 'getServer', 'searchPeople', 'listPrincipals', 'changePassword', 'getInbox'],
  ...['getNoticePreferences', 'changeNoticePreferences'],
]
/** Lists that hold nothing of others. */
const lists = [
  'listCatalogue',
  'listAccessRequests',
  'listTasks',
  'listGrants',
  'listAccessReviews',
  'listApps',
]
/** They take things away from the tests after them, so they are tried last as those who may. */
const changing = [
  'cancelAccessRequest',
  'denyAccessRequest',
  'revokeGrant',
  'archivePermission',
  'deletePreApprovalRule',
]

function pathOf({ path }: Operation, unknown = false): string {
  const parts = path.replaceAll(/\{(\w+)\}/g, ':$1').split('/')
  return parts
    .map((part, index) => {
      if (!part.startsWith(':')) return part
      const known = things[`${parts[index - 1]}/${part}`]
      return unknown || known === undefined ? `${part.slice(1)}_0` : known
    })
    .join('/')
}

async function attempt(operation: Operation, caller: Caller, unknown = false) {
  const { id, method, hasBody } = operation
  const body = Object.hasOwn(bodies, id) ? bodies[id] : {}
  const value = typeof body === 'function' ? body() : body
  const query = ['searchPeople', 'listPrincipals'].includes(id) ? '?q=zz' : ''
  return service.api(method, pathOf(operation, unknown) + query, hasBody ? value : undefined, as[caller])
}

const of = (level: string) => operations.filter(({ id }) => operationTable[id] === level)

test('every operation of the table is a route, and every route with a body for people is tried with one', () => {
  expect(operations.map(({ id }) => id).sort()).toEqual(Object.keys(operationTable).sort())
  const withBody = [...of('person'), ...of('app_admin')].filter(({ hasBody }) => hasBody)
  expect(withBody.filter(({ id }) => !Object.hasOwn(bodies, id)).map(({ id }) => id)).toEqual([])
})

test('nothing answers without a key or a session', async () => {
  for (const operation of operations) {
    const { status } = await attempt(operation, 'nobody')
    expect(status, operation.id).toBe(401)
  }
})

test('what is for administrators is not there for anybody else', async () => {
  for (const operation of of('admin')) {
    for (const caller of ['person', 'other_app_admin', 'app_admin'] as const) {
      const { status, body } = await attempt(operation, caller)
      expect({ status, body }, `${operation.id} as ${caller}`).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      })
    }
  }
})

describe('things of an app', () => {
  test('are not there for people and for the app admins of other apps', async () => {
    for (const operation of of('app_admin').filter(({ id }) => !lists.includes(id))) {
      for (const caller of ['person', 'other_app_admin'] as const) {
        const refused = await attempt(operation, caller)
        const missing = await attempt(operation, caller, true)
        expect(refused.status, `${operation.id} as ${caller}: ${refused.text}`).toBe(404)
        // As if it were not there: the same words as for an id that nothing has.
        expect((refused.body as { detail: string }).detail, operation.id).toBe(
          (missing.body as { detail: string }).detail,
        )
      }
    }
  })

  test('a delivery shows them where it went without what may be a secret, and its request', async () => {
    const path = `/deliveries/${things['deliveries/:id']}`
    const seen = await service.api<DeliveryDetail>('GET', path, undefined, as.app_admin)
    expect(seen.body.attempts[0]?.request.url).toBe(`${new URL(receiver.url).origin}/…`)
    expect(seen.body.access_request_id).toMatch(/^req_/)
    const whole = await service.api<DeliveryDetail>('GET', path)
    expect(whole.body.attempts[0]?.request.url).toBe(receiver.url)
    // One that no request led to is for administrators only.
    const other = await call<{ id: string }>(service, 'POST', '/webhooks/test', {
      webhook: { type: 'siem', name: 'W', endpoint_url: receiver.url },
    })
    expect((await service.api('GET', `/deliveries/${other.id}`, undefined, as.app_admin)).status).toBe(404)
    expect((await service.api('GET', `/deliveries/${other.id}`)).status).toBe(200)
  })

  test('are there for its app admins', async () => {
    for (const operation of of('app_admin').filter(({ id }) => !changing.includes(id))) {
      const { status, text } = await attempt(operation, 'app_admin')
      expect([200, 201, 204], `${operation.id}: ${status} ${text}`).toContain(status)
    }
  })
})

describe('things of people', () => {
  test('are not there for strangers', async () => {
    for (const operation of of('person').filter(({ id }) => !ownOnly.includes(id) && !lists.includes(id))) {
      for (const caller of ['person', 'other_app_admin'] as const) {
        const { status, text } = await attempt(operation, caller)
        expect(status, `${operation.id} as ${caller}: ${text}`).toBe(404)
      }
    }
  })

  test('lists hold nothing of others', async () => {
    for (const operation of operations.filter(({ id }) => lists.includes(id))) {
      for (const caller of ['person', 'other_app_admin'] as const) {
        const { status, text } = await attempt(operation, caller)
        expect(status, operation.id).toBe(200)
        for (const [name, id] of Object.entries(things))
          expect(text.includes(id), `${operation.id} as ${caller} shows ${name}`).toBe(false)
      }
    }
  })

  test('what is about the caller alone answers everybody', async () => {
    for (const operation of operations.filter(({ id }) => ownOnly.includes(id))) {
      const { status, text } = await attempt(operation, 'person')
      expect([200, 204, 401, 403, 422], `${operation.id}: ${text}`).toContain(status)
      expect(status, operation.id).not.toBe(404)
    }
  })

  test('are there for whom they belong to, who decides nothing about them', async () => {
    // Asked for already, and nobody decides about their own request; tasks and reviews are those of others.
    const expected = {
      getCatalogueEntry: 200,
      listCatalogue: 200,
      checkAccessRequest: 200,
      createAccessRequest: 409,
      listAccessRequests: 200,
      getAccessRequest: 200,
      approveAccessRequest: 409,
      denyAccessRequest: 409,
      listTasks: 200,
      getTask: 404,
      completeTask: 404,
      sendTaskAgain: 404,
      listGrants: 200,
      getGrant: 200,
      extendGrant: 201,
      listAccessReviews: 200,
      getAccessReview: 404,
      listReviewItems: 404,
      decideReviewItem: 404,
      decideReviewItems: 404,
      // Last: it ends the request.
      cancelAccessRequest: 200,
    }
    const ofThings = of('person').filter(({ id }) => !ownOnly.includes(id))
    expect(ofThings.map(({ id }) => id).sort()).toEqual(Object.keys(expected).sort())
    for (const [id, status] of Object.entries(expected)) {
      const operation = ofThings.find((one) => one.id === id)
      const answer = operation && (await attempt(operation, 'owner'))
      expect(answer?.status, `${id}: ${answer?.text}`).toBe(status)
    }
  })

  test('are there for administrators', async () => {
    const readable = operations.filter(
      ({ method, id }) => method === 'GET' && operationTable[id] === 'person',
    )
    for (const operation of readable.filter(({ id }) => id !== 'getNoticePreferences')) {
      const { status, text } = await attempt(operation, 'admin')
      expect(status, `${operation.id}: ${text}`).toBe(200)
    }
  })
})
