/** People, apps and receivers for tests of access requests. */
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { AppRead, PermissionRead } from '@keyhook/contract/api/app.ts'
import type { UserRead } from '@keyhook/contract/api/user.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import { onTestFinished } from 'vitest'
import type { ApiOptions, TestService } from '../support/harness.ts'
import { type Answer, json, type Receiver, startReceiver } from '../support/receiver.ts'

type Api = Pick<TestService, 'api'>

/** Fails with what the server said when a call is not answered as it should. */
export async function call<Body>(
  { api }: Api,
  method: string,
  path: string,
  body?: unknown,
  options: ApiOptions = {},
): Promise<Body> {
  const answer = await api<Body>(method, path, body, options)
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`)
  return answer.body
}

let made = 0

/** A new active user of the directory. */
export function makeUser(service: Api, more: object = {}): Promise<UserRead> {
  made += 1
  const body = {
    email: `person${made}@example.com`,
    given_name: 'Person',
    family_name: String(made),
    ...more,
  }
  return call(service, 'POST', '/users', body)
}

/** A webhook of this type whose receiver is at `url`. */
export function makeWebhook(service: Api, type: WebhookType, url: string, more: object = {}) {
  made += 1
  const body = { type, name: `${type} ${made}`, endpoint_url: url, ...more }
  return call<WebhookCreated>(service, 'POST', '/webhooks', body)
}

export type MadeApp = AppRead & { permissions: PermissionRead[] }

/** An app with permissions; `webhooks` by place, as ids. */
export async function makeApp(
  service: Api,
  { webhooks = {}, permissions = ['Reader'], ...more }: MakeApp = {},
): Promise<MadeApp> {
  made += 1
  const attached = Object.fromEntries(
    Object.entries(webhooks).map(([place, webhook]) => [
      place,
      typeof webhook === 'string' ? { webhook_id: webhook } : webhook,
    ]),
  )
  const body = { name: `App ${made}`, approvers: [], webhooks: attached, ...more }
  const app = await call<AppRead>(service, 'POST', '/apps', body)
  const all: PermissionRead[] = []
  for (const wanted of permissions) {
    const permission = typeof wanted === 'string' ? { label: wanted } : wanted
    all.push(await call<PermissionRead>(service, 'POST', `/apps/${app.id}/permissions`, permission))
  }
  return { ...app, permissions: all }
}

export type MakeApp = Record<string, unknown> & {
  webhooks?: Record<string, string | { webhook_id: string; failure_policy?: string }>
  permissions?: (string | (Record<string, unknown> & { label: string }))[]
}

/** Asks for every permission of an app and waits until the request rests. */
export function submit(service: Api, app: MadeApp, requesterId: string, more: object = {}) {
  const body = {
    app_id: app.id,
    permission_ids: app.permissions.map(({ id }) => id),
    requester_id: requesterId,
    business_justification: 'Needed',
    ...more,
  }
  return call<AccessRequestRead>(service, 'POST', '/access-requests', body, {
    headers: { prefer: 'wait=20' },
  })
}

/** The request as it is once it rests. */
export function resting(service: Api, id: string): Promise<AccessRequestRead> {
  return call(service, 'GET', `/access-requests/${id}`, undefined, { headers: { prefer: 'wait=20' } })
}

/** A receiver that is closed when the test ends. */
export async function receiverForTest(answer: Answer = json(200, { response: true })): Promise<Receiver> {
  const receiver = await startReceiver(answer)
  onTestFinished(() => receiver.close())
  return receiver
}

/** What a receiver was sent, parsed. */
export function payloads({ received }: Receiver): Record<string, unknown>[] {
  return received.map(({ body }) => JSON.parse(body.toString()))
}
