/** A small company on a test service: people who can sign in, groups, apps, and access that they have. */
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import { appCreate } from '@keyhook/contract/api/app.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { expect } from 'vitest'
import { insertApp } from '../../src/apps/app-store.ts'
import { hashPassword, writeAccount } from '../../src/auth/account.ts'
import { createAuth } from '../../src/auth/auth.ts'
import { newId } from '../../src/lib/ids.ts'
import { cookieOf, signIn, withCookie } from '../auth/administrator.ts'
import type { ApiOptions, TestService } from '../support/harness.ts'

export const day = 86_400_000

/** A clock that tests move on. */
export function movableClock() {
  let ahead = 0
  return {
    clock: () => Date.now() + ahead,
    forward(ms: number) {
      ahead += ms
    },
  }
}

export type Person = { id: string; email: string; name: string }
export type App = { id: string; permissionId: string }
export type Grant = AccessRequestRead['grants'][number]

const password = 'correct horse battery'
/** Slow to make: once for all. */
let hash: string | null = null
let people = 0

type PersonSettings = { manager_id?: string; role?: 'admin' | 'person'; status?: 'active' | 'inactive' }

export async function addPerson(
  { ctx }: TestService,
  given: string,
  { manager_id, role = 'person', status = 'active' }: PersonSettings = {},
): Promise<Person> {
  people += 1
  const now = new Date(ctx.clock())
  const email = `${given.toLowerCase()}.${people}@example.com`
  const id = newId('usr', ctx.clock())
  await ctx.db
    .insertInto('users')
    .values({
      id,
      user_name: email,
      email,
      given_name: given,
      family_name: 'Person',
      title: null,
      department: null,
      manager_id: manager_id ?? null,
      status,
      role,
      source: 'manual',
      external_id: null,
      created_at: now,
      updated_at: now,
      deactivated_at: null,
    })
    .execute()
  return { id, email, name: `${given} Person` }
}

/** Deactivates or activates a user in the directory, without what follows from it. */
export async function setStatus(
  { ctx }: TestService,
  { id }: { id: string },
  status: 'active' | 'inactive',
): Promise<void> {
  await ctx.db.updateTable('users').set({ status }).where('id', '=', id).execute()
}

/** Signs a person in; for calls as them. */
export async function sessionOf(service: TestService, { id, name, email }: Person): Promise<ApiOptions> {
  const { ctx } = service
  hash ??= await hashPassword(createAuth(ctx, 'cookies are signed with another one'), password)
  const account = { id, name, email, passwordHash: hash }
  await ctx.db.transaction().execute((tx) => writeAccount(tx, ctx.clock(), account))
  const signedIn = await signIn(service, { email, password })
  expect(signedIn.status, signedIn.text).toBe(200)
  return withCookie(cookieOf(signedIn))
}

export async function addGroup(
  { ctx }: TestService,
  name: string,
  members: Person[],
): Promise<{ id: string }> {
  const id = newId('grp', ctx.clock())
  const now = new Date(ctx.clock())
  await ctx.db
    .insertInto('groups')
    .values({
      id,
      name: `${name} ${id.slice(-6)}`,
      description: null,
      source: 'manual',
      external_id: null,
      created_at: now,
      updated_at: now,
    })
    .execute()
  if (members.length > 0)
    await ctx.db
      .insertInto('group_members')
      .values(members.map((member) => ({ group_id: id, user_id: member.id })))
      .execute()
  return { id }
}

type AppSettings = {
  admins?: readonly { id: string }[]
  provisioning?: string | null
  deprovisioning?: string | null
} & Record<string, unknown>

/** An app that nobody approves, with one permission. */
export async function addApp(
  { ctx }: TestService,
  name: string,
  { admins = [], provisioning = null, deprovisioning = null, ...more }: AppSettings = {},
): Promise<App> {
  const at = (webhook_id: string | null) => (webhook_id === null ? null : { webhook_id })
  const body = appCreate.parse({
    name,
    approvers: [],
    admins: admins.map(({ id }) => id),
    webhooks: { provisioning: at(provisioning), deprovisioning: at(deprovisioning) },
    ...more,
  })
  const row = await ctx.db.transaction().execute((tx) => insertApp(tx, ctx.clock(), body))
  return { id: row.id, permissionId: await addPermission(ctx, row.id, 'Viewer') }
}

export async function addPermission(ctx: TestService['ctx'], appId: string, label: string): Promise<string> {
  const id = newId('perm', ctx.clock())
  const now = new Date(ctx.clock())
  const none = { request_validation: null, provisioning: null, deprovisioning: null }
  await ctx.db
    .insertInto('permissions')
    .values({
      id,
      app_id: appId,
      label,
      value: label.toLowerCase(),
      source: 'MANUAL',
      description: null,
      approvers: JSON.stringify(null),
      webhooks: JSON.stringify(none),
      created_at: now,
      updated_at: now,
      archived_at: null,
    })
    .execute()
  return id
}

export async function addWebhook(
  service: TestService,
  type: 'provisioning' | 'deprovisioning',
  endpoint_url: string,
  more: Record<string, unknown> = {},
): Promise<string> {
  const made = await service.api<WebhookCreated>('POST', '/webhooks', {
    type,
    name: type,
    endpoint_url,
    ...more,
  })
  expect(made.status, made.text).toBe(201)
  return made.body.id
}

/** Access that a person gets through a request, given by the app's webhook or else confirmed by hand. */
export async function addGrant(
  service: TestService,
  person: Person,
  { id: appId, permissionId }: App,
  more: Record<string, unknown> = {},
): Promise<Grant> {
  const made = await service.api<AccessRequestRead>(
    'POST',
    '/access-requests',
    { app_id: appId, permission_ids: [permissionId], requester_id: person.id, ...more },
    { headers: { prefer: 'wait=20' } },
  )
  expect(made.status, made.text).toBe(201)
  for (const { id } of made.body.tasks) {
    const done = await service.api('POST', `/tasks/${id}/complete`, {})
    expect(done.status, done.text).toBe(200)
  }
  const request = await requestOf(service, made.body.id)
  expect(request.status).toBe('active')
  return request.grants[0] as Grant
}

export async function requestOf(service: TestService, id: string): Promise<AccessRequestRead> {
  return (await service.api<AccessRequestRead>('GET', `/access-requests/${id}`)).body
}

export async function grantNow(service: TestService, { id }: { id: string }): Promise<Grant> {
  return (await service.api<Grant>('GET', `/grants/${id}`)).body
}
