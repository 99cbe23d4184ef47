/** `keyhook demo`: fills an empty server with a company that does not exist, so that every page has something to show. */
import { randomBytes } from 'node:crypto'
import type { AppRead, PermissionRead } from '@keyhook/contract/api/app.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { SandboxRead } from '@keyhook/contract/api/sandbox.ts'
import type { UserRead } from '@keyhook/contract/api/user.ts'
import { envToConfig, readEnv } from '../config.ts'
import {
  type DemoAppKey,
  type DemoPerson,
  demoApps,
  demoGroups,
  demoPeople,
  demoWebhooks,
} from './demo-company.ts'
import { type Demo, fillRequests } from './demo-requests.ts'
import { explainStartError } from './explain-start-error.ts'
import { type ServerClient, serverClient } from './server-client.ts'

/** Who can sign in to the demo. */
const signIns = ['tomas', 'maya', 'jonas', 'kofi', 'ines'] as const

export async function demo(env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const client = serverClient(envToConfig(readEnv(env)))
    await requireEmpty(client)
    const behaviours = await sandboxOf(client)
    process.stdout.write('Making people, apps and webhooks …\n')
    const made = await makeCompany(client, behaviours)
    process.stdout.write('Asking for access, deciding, giving and taking it …\n')
    await fillRequests(made)
    const password = `demo-${randomBytes(9).toString('base64url')}`
    process.stdout.write(`\nThe demo is at ${client.url}. Sign in with the password ${password} as\n`)
    for (const key of signIns) {
      await choosePassword(client, made.person(key), password)
      process.stdout.write(`  ${made.person(key).email}   ${titleOf(made.person(key))}\n`)
    }
    return 0
  } catch (error) {
    process.stderr.write(`${explainStartError(error, env, 'The demo could not be made')}\n`)
    return 1
  }
}

function titleOf({ title, role }: UserRead): string {
  return role === 'admin' ? `${title}, administrator of Keyhook` : (title ?? '')
}

/** The demo is never mixed into real data. */
async function requireEmpty({ call }: ServerClient): Promise<void> {
  const apps = await call<Page<unknown>>('GET', '/apps?limit=1')
  const people = await call<Page<UserRead>>('GET', '/users?limit=2')
  if (apps.data.length > 0 || people.data.length > 1)
    throw new Error(
      'this server has people or apps already. Use an empty one: KEYHOOK_DATA_DIR=./demo-data npm start',
    )
}

async function sandboxOf({ call }: ServerClient): Promise<SandboxRead['behaviours']> {
  const { enabled, behaviours } = await call<SandboxRead>('GET', '/sandbox')
  if (!enabled)
    throw new Error(
      'the webhooks of the demo are answered by the sandbox: start the server with KEYHOOK_SANDBOX=true.',
    )
  return behaviours
}

async function makeCompany(client: ServerClient, behaviours: SandboxRead['behaviours']): Promise<Demo> {
  const { call } = client
  const people = new Map<string, UserRead>()
  // Somebody has to run the demo.
  const role = (key: DemoPerson) => (key === 'tomas' ? 'admin' : 'person')
  for (const { key, manager, ...person } of demoPeople) {
    const email = `${key}@northwind.example`
    const manager_id = manager === null ? null : (people.get(manager)?.id ?? null)
    people.set(key, await call<UserRead>('POST', '/users', { ...person, email, manager_id, role: role(key) }))
  }
  const person = (key: DemoPerson) => existing(people, key)
  for (const { name, members } of demoGroups) {
    const group = await call<{ id: string }>('POST', '/groups', { name })
    for (const key of members) await call('PUT', `/groups/${group.id}/members/${person(key).id}`)
  }
  const webhooks = new Map<string, string>()
  for (const { key, type, name, behaviour } of demoWebhooks) {
    const endpoint_url = behaviours.find(({ id }) => id === behaviour)?.endpoint_url
    const slow = behaviour === 'hang' ? { time_limit_ms: 60_000, circuit_breaker: null } : {}
    const made = await call<{ id: string }>('POST', '/webhooks', { type, name, endpoint_url, ...slow })
    webhooks.set(key, made.id)
  }
  const apps = new Map<string, AppRead & { permissions: PermissionRead[] }>()
  for (const { key, admins, permissions, webhooks: attached, settings, ...app } of demoApps) {
    const made = await call<AppRead>('POST', '/apps', {
      ...app,
      ...settings,
      owner_id: person(admins[0]).id,
      admins: admins.map((name) => person(name).id),
      webhooks: Object.fromEntries(
        Object.entries(attached).map(([place, name]) => [place, { webhook_id: existing(webhooks, name) }]),
      ),
    })
    const all: PermissionRead[] = []
    for (const permission of permissions)
      all.push(await call<PermissionRead>('POST', `/apps/${made.id}/permissions`, permission))
    apps.set(key, { ...made, permissions: all })
  }
  const app = (key: DemoAppKey) => existing(apps, key)
  await call('POST', `/apps/${app('cloud').id}/pre-approval-rules`, {
    name: 'Whoever is on call may operate production for a day',
    permission_ids: app('cloud').permissions.map(({ id }) => id),
    user_ids: [person('kofi').id],
    webhook_ids: [existing(webhooks, 'on_call')],
    access_length_seconds: 86_400,
    business_justification: 'On call',
  })
  await call('POST', `/apps/${app('wiki').id}/pre-approval-rules`, {
    name: 'Whom the HR system knows as a lead',
    webhook_ids: [existing(webhooks, 'pre_slow')],
  })
  return { client, person, app }
}

async function choosePassword({ call }: ServerClient, { id }: UserRead, password: string): Promise<void> {
  const { url } = await call<{ url: string }>('POST', `/users/${id}/invite`)
  const token = new URL(url).hash.replace('#token=', '')
  await call('POST', '/invitations/accept', { token, password }, { public: true })
}

function existing<Value>(map: ReadonlyMap<string, Value>, key: string): Value {
  const value = map.get(key)
  if (value === undefined) throw new Error(`the demo has no ${key}`)
  return value
}
