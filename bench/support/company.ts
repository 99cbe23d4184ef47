/** A company to ask for access in: users in the directory, an app, and webhooks at each place of a request. */
import { Client } from 'pg'
import { benchKey } from './child.ts'

export async function callApi<Body>(
  server: string,
  method: string,
  path: string,
  body: unknown,
): Promise<Body> {
  const answer = await fetch(`${server}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${benchKey}` },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Body
}

/** Active users, the first of them the manager of all. Returns their ids. */
export async function addUsers(databaseUrl: string, count: number): Promise<string[]> {
  const database = new Client({ connectionString: databaseUrl })
  await database.connect()
  try {
    const { rows } = await database.query<{ id: string }>(
      `insert into users (id, user_name, email, given_name, family_name, title, department, manager_id, status, role, source,
         external_id, created_at, updated_at, deactivated_at)
       select 'usr_' || lpad(to_hex(n), 32, '0'), 'person' || n || '@example.com', 'person' || n || '@example.com', 'Person',
         n::text, null, 'Sales', case when n > 1 then 'usr_' || lpad('1', 32, '0') end, 'active', 'person', 'manual', null,
         now(), now(), null
       from generate_series(1, $1) as n returning id`,
      [count],
    )
    await database.query('analyze users')
    return rows.map(({ id }) => id)
  } finally {
    await database.end()
  }
}

export type BenchApp = { id: string; permissionIds: string[]; webhooks: Record<string, string> }

/** An app whose rule pre-approves everybody by webhook, with a webhook at each place. */
export async function addApp(server: string, receiver: string, permissions = 1): Promise<BenchApp> {
  const webhooks: Record<string, string> = {}
  for (const type of ['request_validation', 'pre_approval', 'provisioning', 'deprovisioning']) {
    const body = {
      type,
      name: type,
      endpoint_url: receiver,
      headers: [{ name: 'x-api-key', value: 'bench-secret-value' }],
    }
    webhooks[type] = (await callApi<{ id: string }>(server, 'POST', '/webhooks', body)).id
  }
  const at = (type: string) => ({ webhook_id: webhooks[type] })
  const app = await callApi<{ id: string }>(server, 'POST', '/apps', {
    name: 'Demo App',
    approvers: [{ type: 'manager' }],
    webhooks: {
      request_validation: at('request_validation'),
      provisioning: at('provisioning'),
      deprovisioning: at('deprovisioning'),
    },
  })
  const permissionIds: string[] = []
  for (let index = 0; index < permissions; index++) {
    const body = { label: `Reader ${index}` }
    const path = `/apps/${app.id}/permissions`
    permissionIds.push((await callApi<{ id: string }>(server, 'POST', path, body)).id)
  }
  await callApi(server, 'POST', `/apps/${app.id}/pre-approval-rules`, {
    name: 'Everybody',
    webhook_ids: [webhooks.pre_approval],
  })
  return { id: app.id, permissionIds, webhooks }
}
