/** What the activity log tells of webhooks: their configuration, their circuits, and never their secrets. */
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { json } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'
import { lastTold, testKeyActor, told } from './told.ts'

let now = Date.parse('2027-03-01T09:00:00Z')
const { service, receiver } = serviceWithReceiver({ clock: () => now })

const create = async (more: Record<string, unknown> = {}) => {
  const wanted = { type: 'pre_approval', name: 'Portal', endpoint_url: receiver.url, ...more }
  const made = await service.api<WebhookCreated>('POST', '/webhooks', wanted)
  if (made.status !== 201) throw new Error(made.text)
  return made.body
}
const change = async ({ id }: { id: string }, body: object) => {
  const changed = await service.api('PATCH', `/webhooks/${id}`, body)
  if (changed.status !== 200) throw new Error(changed.text)
}
const targetOf = ({ id, name }: { id: string; name: string }) => ({
  target_type: 'WEBHOOK',
  target_data: { id, name, webhook_type: 'pre_approval' },
})

const header = { name: 'X-Api-Key', value: 'header-secret-1' }
const bearer = { type: 'bearer', token: 'token-secret-1' }

describe('a webhook', () => {
  test('that is created is told with what it says, and its secrets by name only', async () => {
    const webhook = await create({
      endpoint_url: `${receiver.url}in?code=query-secret-1`,
      headers: [header],
      authentication: bearer,
    })
    const event = await lastTold(service, 'ADMIN_CREATED_WEBHOOK')
    expect(event).toMatchObject({
      actor: testKeyActor,
      outcome: 'SUCCEEDED',
      targets: [targetOf(webhook)],
      event_metadata: {
        before: null,
        after: {
          name: 'Portal',
          endpoint_url: `${receiver.url}in?…`,
          headers: ['X-Api-Key'],
          authentication: { type: 'bearer' },
          enabled: true,
          time_limit_ms: 15_000,
        },
      },
    })
    expect(JSON.stringify(event)).not.toMatch(/secret-1|whsec_/)
  })

  test('that is changed is told with what differs, before and after', async () => {
    const webhook = await create({ headers: [header] })
    const headers = [{ name: 'X-Api-Key' }, { name: 'X-Env', value: 'production' }]
    await change(webhook, { name: 'Door', description: null, time_limit_ms: 5_000, headers })
    expect(await lastTold(service, 'ADMIN_UPDATED_WEBHOOK')).toMatchObject({
      actor: testKeyActor,
      targets: [targetOf({ ...webhook, name: 'Door' })],
      event_metadata: {
        before: { name: 'Portal', time_limit_ms: 15_000, headers: ['X-Api-Key'] },
        after: { name: 'Door', time_limit_ms: 5_000, headers: ['X-Api-Key', 'X-Env'] },
        secrets_changed: [],
      },
    })
  })

  test('of which only secrets change is told by their places, never by their values', async () => {
    const webhook = await create({
      endpoint_url: `${receiver.url}in?code=1`,
      headers: [header],
      authentication: bearer,
    })
    await change(webhook, {
      endpoint_url: `${receiver.url}in?code=query-secret-2`,
      headers: [{ ...header, value: 'header-secret-2' }],
      authentication: { type: 'bearer', token: 'token-secret-2' },
    })
    const event = await lastTold(service, 'ADMIN_UPDATED_WEBHOOK')
    expect(event?.event_metadata).toEqual({
      before: {},
      after: {},
      secrets_changed: ['authentication/token', 'endpoint_url/query', 'headers/x-api-key'],
    })
  })

  test('to which nothing new is said is not told as changed', async () => {
    const webhook = await create({ headers: [header] })
    await change(webhook, { name: 'Portal', headers: [header] })
    expect(await told(service, 'ADMIN_UPDATED_WEBHOOK', { target_id: webhook.id })).toEqual([])
  })

  test('that a refused change leaves as it is is not told', async () => {
    const webhook = await create()
    const refused = await service.api(
      'PATCH',
      `/webhooks/${webhook.id}`,
      { name: 'New' },
      { headers: { 'if-match': '"9"' } },
    )
    expect(refused.status).toBe(412)
    expect(await told(service, 'ADMIN_UPDATED_WEBHOOK', { target_id: webhook.id })).toEqual([])
  })

  test('that is disabled and enabled is told as that', async () => {
    const webhook = await create()
    await change(webhook, { enabled: false })
    await change(webhook, { enabled: true, name: 'Door' })
    const filter = { target_id: webhook.id }
    expect(await told(service, 'ADMIN_DISABLED_WEBHOOK', filter)).toMatchObject([{ actor: testKeyActor }])
    expect(await told(service, 'ADMIN_ENABLED_WEBHOOK', filter)).toMatchObject([{ actor: testKeyActor }])
    expect(await told(service, 'ADMIN_UPDATED_WEBHOOK', filter)).toMatchObject([
      { event_metadata: { before: { name: 'Portal' }, after: { name: 'Door' } } },
    ])
  })

  test('whose signing secret is replaced is told without it', async () => {
    const webhook = await create({ v1a_signature: true })
    const rotated = await service.api<WebhookCreated>(
      'POST',
      `/webhooks/${webhook.id}/rotate-signing-secret`,
      { overlap_seconds: 60 },
    )
    const event = await lastTold(service, 'ADMIN_ROTATED_SIGNING_SECRET')
    expect(event).toMatchObject({
      actor: testKeyActor,
      targets: [targetOf(webhook)],
      event_metadata: { overlap_seconds: 60, key_pair_rotated: true },
    })
    expect(JSON.stringify(event)).not.toContain(rotated.body.signing_secret.slice(6))
  })

  test('that is deleted is told with what it said', async () => {
    const webhook = await create()
    expect((await service.api('DELETE', `/webhooks/${webhook.id}`)).status).toBe(204)
    expect(await lastTold(service, 'ADMIN_DELETED_WEBHOOK')).toMatchObject({
      actor: testKeyActor,
      targets: [targetOf(webhook)],
      event_metadata: { before: { name: 'Portal', enabled: true }, after: null },
    })
  })

  test('is neither written nor told when the log does not take the entry', async () => {
    const webhook = await create()
    const { db } = service.ctx
    await sql`alter table event_inbox add constraint full_disk check (type <> 'ADMIN_UPDATED_WEBHOOK') not valid`.execute(
      db,
    )
    expect((await service.api('PATCH', `/webhooks/${webhook.id}`, { name: 'New' })).status).toBe(500)
    await sql`alter table event_inbox drop constraint full_disk`.execute(db)
    expect((await service.api<WebhookCreated>('GET', `/webhooks/${webhook.id}`)).body.name).toBe('Portal')
  })
})

describe('the circuit breaker', () => {
  const breaker = { failure_share: 0.5, minimum_calls: 4, window_seconds: 60, pause_seconds: 30 }
  const invoke = ({ id }: { id: string }) => service.api('POST', `/webhooks/${id}/invoke`, { payload: {} })
  const opened = async () => {
    const webhook = await create({ circuit_breaker: breaker })
    receiver.answerWith(json(500))
    for (let count = 0; count < 5; count++) await invoke(webhook)
    await expect
      .poll(() => told(service, 'WEBHOOK_CIRCUIT_OPENED', { target_id: webhook.id }))
      .toHaveLength(1)
    return webhook
  }

  test('that opens is told by the system with why, once', async () => {
    const webhook = await opened()
    expect(await told(service, 'WEBHOOK_CIRCUIT_OPENED', { target_id: webhook.id })).toMatchObject([
      {
        actor: { actor_type: 'SYSTEM' },
        targets: [targetOf(webhook)],
        event_metadata: {
          calls: 4,
          failures: 4,
          last_failure_reason: 'http_status',
          next_probe_at: new Date(now + 30_000).toISOString(),
        },
      },
    ])
  })

  test('that closes by itself is told by the system, also after probes that failed', async () => {
    const webhook = await opened()
    now += 31_000
    await invoke(webhook)
    receiver.answerWith(json(200, { response: true }))
    now += 61_000
    await invoke(webhook)
    const filter = { target_id: webhook.id }
    await expect.poll(() => told(service, 'WEBHOOK_CIRCUIT_CLOSED', filter)).toHaveLength(1)
    expect(await told(service, 'WEBHOOK_CIRCUIT_CLOSED', filter)).toMatchObject([
      { actor: { actor_type: 'SYSTEM' }, targets: [targetOf(webhook)], event_metadata: { by: 'probe' } },
    ])
    expect(await told(service, 'WEBHOOK_CIRCUIT_OPENED', filter)).toHaveLength(1)
  })

  test('that is closed by hand is told with who did; one that was closed already is not', async () => {
    const webhook = await opened()
    for (let count = 1; count <= 2; count++)
      await service.api('POST', `/webhooks/${webhook.id}/reset-circuit`)
    expect(await told(service, 'WEBHOOK_CIRCUIT_CLOSED', { target_id: webhook.id })).toMatchObject([
      { actor: testKeyActor, event_metadata: { by: 'hand' } },
    ])
  })
})

test('stored secrets that are wrapped anew are told with which keys are needed', async () => {
  await service.api('POST', '/secrets/rotate')
  expect(await lastTold(service, 'ADMIN_ROTATED_SECRETS')).toMatchObject({
    actor: testKeyActor,
    targets: [],
    event_metadata: { newest_key: expect.any(String), rewrapped: 0, keys_in_use: [expect.any(String)] },
  })
})
