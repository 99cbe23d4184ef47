/** `Idempotency-Key` on every route that makes something; those with a life of their own are tested there too. */
import { randomUUID } from 'node:crypto'
import type { ApiKeyCreated } from '@keyhook/contract/api/access.ts'
import type { InvitationCreated } from '@keyhook/contract/api/invitation.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { type MadeApp, makeApp, makeUser, makeWebhook, submit } from '../access/support.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service, receiver } = serviceWithReceiver()
let app: MadeApp
let userId: string
let otherId: string
let grantId: string
beforeAll(async () => {
  const webhook = await makeWebhook(service, 'provisioning', receiver.url)
  app = await makeApp(service, { webhooks: { provisioning: webhook.id } })
  userId = (await makeUser(service)).id
  otherId = (await makeUser(service)).id
  grantId = (await submit(service, app, userId, { access_length_seconds: 86_400 })).grants[0]?.id ?? ''
})

const event = () => ({
  event_type: 'CUSTOM_TOLD',
  actor: { actor_type: 'SYSTEM', actor_data: {} },
  targets: [],
  event_metadata: {},
  outcome: 'SUCCEEDED',
})

/** What each route is sent. A name that is there already would be refused: the same request makes nothing twice. */
const routes: [string, () => { path: string; body?: unknown }][] = [
  ['createUser', () => ({ path: '/users', body: { email: `${randomUUID()}@example.com` } })],
  ['createGroup', () => ({ path: '/groups', body: { name: randomUUID() } })],
  ['createApiKey', () => ({ path: '/api-keys', body: { name: 'ci' } })],
  ['createScimToken', () => ({ path: '/scim-tokens', body: { name: 'Okta' } })],
  ['inviteUser', () => ({ path: `/users/${userId}/invite` })],
  [
    'createWebhook',
    () => ({ path: '/webhooks', body: { type: 'siem', name: 'S', endpoint_url: receiver.url } }),
  ],
  ['createApp', () => ({ path: '/apps', body: { name: randomUUID() } })],
  ['createPermission', () => ({ path: `/apps/${app.id}/permissions`, body: { label: randomUUID() } })],
  ['createPreApprovalRule', () => ({ path: `/apps/${app.id}/pre-approval-rules`, body: { name: 'R' } })],
  ['createNoticeChannel', () => ({ path: '/notice-channels', body: chat() })],
  ['createAccessReview', () => ({ path: '/access-reviews', body: review() })],
  [
    'extendGrant',
    () => ({
      path: `/grants/${grantId}/extend`,
      body: { access_length_seconds: 172_800, business_justification: 'More' },
    }),
  ],
  ['appendEvent', () => ({ path: '/events', body: event() })],
  ['appendEvents', () => ({ path: '/events/batch', body: { events: [event(), event()] } })],
  ['createAccessRequest', () => ({ path: '/access-requests', body: request() })],
  ['offboardUser', () => ({ path: `/users/${userId}/offboard` })],
]
const chat = () => ({
  name: 'Team',
  kind: 'slack',
  url: `${receiver.url}/chat`,
  app_ids: null,
  kinds: null,
})
const review = () => ({
  name: 'Q1',
  scope: {},
  reviewers: { type: 'app_admins' },
  deadline: new Date(Date.now() + 86_400_000).toISOString(),
})
const request = () => ({
  app_id: app.id,
  permission_ids: app.permissions.map(({ id }) => id),
  requester_id: otherId,
  business_justification: 'Again',
})

const post = <Body = Record<string, unknown>>(
  { path, body }: { path: string; body?: unknown },
  key: string,
) => service.api<Body>('POST', path, body, { headers: { 'idempotency-key': key } })

describe('with an Idempotency-Key', () => {
  test.each(routes)('%s makes it once', async (_operation, of) => {
    const [asked, key] = [of(), randomUUID()]
    const first = await post(asked, key)
    expect(first.status, first.text).toBe(201)
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    const again = await post(asked, key)
    expect(again.status, again.text).toBe(201)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(withoutProgress(again.body)).toEqual(withoutProgress(first.body))
    const other = await service.api<Problem>('POST', `${asked.path}?again`, asked.body, {
      headers: { 'idempotency-key': key },
    })
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_key_reused'])
  })

  test('of ten at once one makes it, and all are told of it', async () => {
    for (const asked of [
      { path: '/users', body: { email: `${randomUUID()}@example.com` } },
      { path: '/apps', body: { name: randomUUID() } },
      { path: '/api-keys', body: { name: 'ci' } },
    ]) {
      const key = randomUUID()
      const answers = await Promise.all(Array.from({ length: 10 }, () => post(asked, key)))
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
      expect(answers.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1)
    }
  })

  test('what was refused takes no key', async () => {
    const key = randomUUID()
    const email = `${randomUUID()}@example.com`
    await makeUser(service, { email })
    const refused = await post<Problem>({ path: '/users', body: { email } }, key)
    expect([refused.status, refused.body.code]).toEqual([409, 'user_exists'])
    expect((await post({ path: '/users', body: { email: `x${email}` } }, key)).status).toBe(201)
  })

  test('what was deleted since is not made again under it', async () => {
    const [asked, key] = [{ path: '/groups', body: { name: randomUUID() } }, randomUUID()]
    const made = await post(asked, key)
    await service.api('DELETE', `/groups/${made.body.id}`)
    const again = await post<Problem>(asked, key)
    expect([again.status, again.body.code]).toEqual([409, 'idempotency_key_reused'])
  })

  test.each([['a b'], ['é'], ['x'.repeat(256)], ['']])('"%s" is no key', async (key) => {
    const asked = { path: '/groups', body: { name: randomUUID() } }
    const answer = await post<Problem>(asked, encodeURI(key) === key || key.includes(' ') ? key : '\xe9')
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request'])
  })

  test('another caller has the same key for something else', async () => {
    const key = randomUUID()
    const asked = { path: '/api-keys', body: { name: 'ci' } }
    const mine = await post<ApiKeyCreated>(asked, key)
    const other = await service.api<ApiKeyCreated>('POST', asked.path, asked.body, {
      key: mine.body.key,
      headers: { 'idempotency-key': key },
    })
    expect(other.status).toBe(201)
    expect(other.body.id).not.toBe(mine.body.id)
  })

  test('keeps the secret that the answer told sealed, for a day, and no key of those without', async () => {
    const made = await post<ApiKeyCreated>({ path: '/api-keys', body: { name: 'ci' } }, randomUUID())
    const { id } = await makeUser(service)
    const invited = await post<InvitationCreated>({ path: `/users/${id}/invite` }, randomUUID())
    const rows = await service.ctx.db.selectFrom('idempotency_keys').selectAll().execute()
    const stored = rows.map(({ sealed_secret }) => Buffer.from(sealed_secret ?? []).toString('latin1')).join()
    expect(stored).not.toContain(made.body.key)
    expect(stored).not.toContain(invited.body.url)
    expect(rows.find(({ result_id }) => result_id === made.body.id)?.sealed_secret).not.toBeNull()
    expect(rows.find(({ result_id }) => result_id.startsWith('grp_'))?.sealed_secret).toBeNull()
  })
})

/** Without what goes on by itself. */
function withoutProgress(body: Record<string, unknown>): unknown {
  const { status: _, timeline: __, updated_at: ___, counts: ____, ...rest } = body
  return 'target_user' in body || 'grants' in body ? { id: body.id } : rest
}
