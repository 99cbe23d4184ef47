/** Events that a company's own systems append. */
import { type EventPage, type EventRead, largestEventBytes } from '@keyhook/contract/api/event.ts'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service } = serviceWithReceiver()
const login = {
  actor: {
    actor_type: 'USER',
    actor_data: { email: 'ada@example.com', given_name: 'Ada', device: 'laptop' },
  },
  event_type: 'CUSTOM_VPN_LOGIN',
  event_metadata: { ip: '198.51.100.7', ключ: ['ü', 1.5, null] },
  targets: [{ target_type: 'SYSTEM', target_data: { id: 'vpn-1' } }],
}
type Problem = { code: string; errors: { pointer: string; detail: string }[] }

test('an event of another system gets its place and its hash in the same log', async () => {
  const made = await service.api<{ id: string }>('POST', '/events', login)
  expect(made.status).toBe(201)
  expect(made.headers.get('location')).toBe(`/api/v1/events/${made.body.id}`)
  const { body } = await service.api<EventRead>('GET', `/events/${made.body.id}`)
  expect(body.event).toMatchObject({
    actor: {
      actor_type: 'USER',
      actor_data: { email: 'ada@example.com', family_name: '', device: 'laptop' },
    },
    event_type: 'CUSTOM_VPN_LOGIN',
    event_type_user_friendly: 'Vpn login',
    event_metadata: login.event_metadata,
    outcome: 'SUCCEEDED',
  })
  expect(body.event.event_hash).toMatch(/^[0-9a-f]{128}$/)
  const found = await service.api<EventPage>('GET', '/events?target_id=vpn-1')
  expect(found.body.data.map(({ id }) => id)).toContain(made.body.id)
})

test('a batch keeps its order', async () => {
  const events = Array.from({ length: 1_000 }, (_, n) => ({
    ...login,
    event_type: 'CUSTOM_BATCH',
    event_metadata: { n },
  }))
  const made = await service.api<{ data: { id: string }[] }>('POST', '/events/batch', { events })
  expect(made.status).toBe(201)
  const page = await service.api<EventPage>('GET', '/events?type=CUSTOM_BATCH&limit=200&order=oldest')
  expect(page.body.data.map(({ event }) => event.event_metadata.n)).toEqual(
    Array.from({ length: 200 }, (_, n) => n),
  )
  expect(page.body.data[0]?.id).toBe(made.body.data[0]?.id)
})

test('a batch with wrong events is refused whole, and each wrong one is named', async () => {
  const wrong = [
    login,
    { ...login, event_type: 'APP_STORE_CREATE_ACCESS_REQUEST' },
    { ...login, event_hash: '0'.repeat(128) },
    { ...login, outcome: 'MAYBE' },
  ]
  const answer = await service.api<Problem>('POST', '/events/batch', { events: wrong })
  expect(answer.status).toBe(422)
  expect(answer.body.errors.map(({ pointer }) => pointer)).toEqual(
    expect.arrayContaining(['/events/1/event_type', '/events/2/event_hash', '/events/3/outcome']),
  )
  const future = new Date(Date.now() + 3_600_000).toISOString()
  const late = await service.api<Problem>('POST', '/events/batch', {
    events: [
      login,
      { ...login, event_began_at: future },
      { ...login, event_metadata: { x: 'y'.repeat(largestEventBytes) } },
    ],
  })
  expect(late.status).toBe(422)
  expect(late.body.errors.map(({ pointer }) => pointer)).toEqual(['/events/1/event_began_at', '/events/2'])
  const before = await service.api<EventPage>('GET', '/events?type=CUSTOM_VPN_LOGIN&limit=200')
  expect(before.body.data.length).toBeLessThan(3)
})

test.each([
  ['no member', {}, '/event_type'],
  ['a namespace that is ours', { ...login, event_type: 'ADMIN_CREATED_APP' }, '/event_type'],
  ['an unknown member', { ...login, extra: 1 }, '/extra'],
  ['no actor', { event_type: 'CUSTOM_X' }, '/actor'],
])('refuses %s', async (_name, body, pointer) => {
  const answer = await service.api<Problem>('POST', '/events', body)
  expect(answer.status).toBe(422)
  expect(answer.body.errors.map((error) => error.pointer)).toContain(pointer)
})

test('needs a key', async () => {
  expect((await service.api('POST', '/events', login, { key: null })).status).toBe(401)
  expect((await service.api('GET', '/events/export', undefined, { key: null })).status).toBe(401)
})

test('when the disk is full nothing is acknowledged, and what was refused is not there later', async () => {
  const { db } = service.ctx
  await sql`create function disk_full() returns trigger language plpgsql as $$ begin
    raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`.execute(
    db,
  )
  await sql`create trigger disk_full before insert on event_inbox for each row execute function disk_full()`.execute(
    db,
  )
  const full = { ...login, event_type: 'CUSTOM_FULL' }
  const answer = await service.api<Problem>('POST', '/events', full)
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  expect(answer.headers.get('retry-after')).toBe('5')
  await sql`drop trigger disk_full on event_inbox`.execute(db)
  expect((await service.api<EventPage>('GET', '/events?type=CUSTOM_FULL')).body.data).toEqual([])
  expect((await service.api('POST', '/events', full)).status).toBe(201)
})

test('exports what a filter means as NDJSON and as CSV without formulas', async () => {
  await service.api('POST', '/events', {
    ...login,
    event_type: 'CUSTOM_EXPORT',
    event_type_user_friendly: '=HYPERLINK("https://evil.example","x")',
  })
  const lines = await service.api('GET', '/events/export?type=CUSTOM_EXPORT')
  expect(lines.headers.get('keyhook-event-count')).toBe('1')
  expect(lines.headers.get('content-type')).toBe('application/x-ndjson')
  expect(JSON.parse(lines.text)).toMatchObject({ event: { event_type: 'CUSTOM_EXPORT' } })
  const csv = await service.api('GET', '/events/export?type=CUSTOM_EXPORT&format=csv')
  expect(csv.text.split('\r\n')[1]).toContain(`,"'=HYPERLINK(""https://evil.example"",""x"")",`)
  const all = await service.api('GET', '/events/export')
  expect(all.text.trim().split('\n')).toHaveLength(Number(all.headers.get('keyhook-event-count')))
  const exported = await service.api<EventPage>('GET', '/events?type=ADMIN_EXPORTED_EVENTS')
  expect(exported.body.data.length).toBe(3)
})
