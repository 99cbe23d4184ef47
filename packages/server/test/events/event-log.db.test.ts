/** The log on a real database: order, chain, concurrent writers, processes that die or compete. */
import type { EventCreate, EventPage, EventRead } from '@keyhook/contract/api/event.ts'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Context } from '../../src/context.ts'
import { appendCustomEvents } from '../../src/events/custom-event-store.ts'
import { listEvents } from '../../src/events/event-list.ts'
import { readEvent } from '../../src/events/event-store.ts'
import { readLogKeys } from '../../src/events/log-keys.ts'
import { createLogVerifier, entryOf } from '../../src/events/log-verifier.ts'
import { createSequencer } from '../../src/events/sequencer.ts'
import { serviceForTest } from '../support/harness.ts'

const custom = (n: number): EventCreate => ({
  actor: { actor_type: 'SERVICE', actor_data: { email: '', given_name: 'Test', family_name: '' } },
  event_type: 'CUSTOM_N',
  event_metadata: { n },
  outcome: 'SUCCEEDED',
  targets: [],
})

const append = (ctx: Context, ...ns: number[]) =>
  ctx.db.transaction().execute((tx) => appendCustomEvents(tx, ctx.clock(), ns.map(custom)))

async function whole(ctx: Context): Promise<EventRead[]> {
  const rows = await listEvents(ctx, { after: null, newestFirst: false, limit: 100_000 })
  return rows.map(readEvent)
}

async function problemOf(ctx: Context) {
  const keys = await readLogKeys(ctx)
  const verifier = createLogVerifier({ key: keys.chain, publicKey: keys.publicKey })
  for (const entry of await whole(ctx)) verifier.add(entryOf(entry))
  return verifier.end()
}

test('entries of concurrent writers get places without gaps, and the chain holds', async () => {
  const { ctx, api } = await serviceForTest()
  await Promise.all(Array.from({ length: 60 }, (_, n) => append(ctx, n, n + 1_000)))
  const page = await api<EventPage>('GET', '/events?limit=200&order=oldest')
  const entries = page.body.data
  expect(entries.length).toBeGreaterThanOrEqual(120)
  expect(entries.map(({ position }) => position)).toEqual(entries.map((_, index) => index + 1))
  expect(entries[0]?.event.event_hash).toMatch(/^[0-9a-f]{128}$/)
  expect(await problemOf(ctx)).toMatchObject({ problem: null })
  // Those of one transaction keep their order.
  const order = entries.map(({ event }) => Number(event.event_metadata.n))
  for (let n = 0; n < 60; n++) expect(order.indexOf(n + 1_000)).toBeGreaterThan(order.indexOf(n))
})

test('two sequencers at once number each entry once', async () => {
  const { ctx } = await serviceForTest()
  const keys = await readLogKeys(ctx)
  const [one, two] = [createSequencer(ctx, keys), createSequencer(ctx, keys)]
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: 20 }, (_, n) => append(ctx, n)))
    await Promise.all([one.sequence(), two.sequence(), one.sequence(), two.sequence()])
  }
  // The server's own may be at it just now: then a round does nothing.
  while (await ctx.db.selectFrom('event_inbox').select('seq').executeTakeFirst()) await one.sequence()
  expect(await problemOf(ctx)).toMatchObject({ problem: null })
  expect((await whole(ctx)).length).toBeGreaterThanOrEqual(100)
})

test('what was rolled back leaves neither an entry nor a gap', async () => {
  const { ctx, api } = await serviceForTest()
  await expect(
    ctx.db.transaction().execute(async (tx) => {
      await appendCustomEvents(tx, ctx.clock(), [custom(1)])
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  await append(ctx, 2)
  await api('GET', '/events')
  const told = (await whole(ctx)).map(({ event }) => event.event_metadata.n)
  expect(told).not.toContain(1)
  expect(told).toContain(2)
  expect(await problemOf(ctx)).toMatchObject({ problem: null })
})

test('a clock that is set back puts no entry before the one that it follows', async () => {
  let now = Date.parse('2026-05-31T23:59:59Z')
  const { ctx, api } = await serviceForTest({}, { clock: () => now })
  await append(ctx, 1)
  await api('GET', '/events')
  now = Date.parse('2026-06-01T00:00:01Z')
  await append(ctx, 2)
  await api('GET', '/events')
  now = Date.parse('2026-04-01T00:00:00Z')
  await append(ctx, 3)
  await api('GET', '/events')
  expect(await problemOf(ctx)).toMatchObject({ problem: null })
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'events'::regclass order by 1`.execute(ctx.db)
  expect(rows.map(({ name }) => name)).toEqual(['events_2026_05', 'events_2026_06'])
})

test('what has no canonical form is refused by name, and never keeps others from their place', async () => {
  const { ctx, api } = await serviceForTest()
  const refused: [body: string, pointer: string][] = [
    ['"event_metadata":{"a":{"n":[1,1e400]}}', '/event_metadata/a/n/1'],
    [String.raw`"event_metadata":{"\ud800k":1}`, '/event_metadata'],
    ['"event_began_at":"0000-01-01T00:00:00Z"', '/event_began_at'],
  ]
  const actor = '"actor":{"actor_type":"S","actor_data":{}},"event_type":"CUSTOM_N"'
  for (const [members, pointer] of refused)
    expect(await api('POST', '/events', undefined, { raw: `{${actor},${members}}` }), members).toMatchObject({
      status: 422,
      body: { errors: [{ pointer }] },
    })
  const target = String.raw`"targets":[{"target_type":"T","target_data":{"id":"a\u0000b"}}]`
  expect((await api('POST', '/events', undefined, { raw: `{${actor},${target}}` })).status).toBe(201)
  // As an earlier version let it in.
  await ctx.db.transaction().execute(async (tx) => {
    await appendCustomEvents(tx, ctx.clock(), [custom(1)])
    await sql`update event_inbox set metadata = ${'{"n": 1e400, "m": -1e999}'}::json
      where metadata::text like '%"n":1%'`.execute(tx)
  })
  await append(ctx, 2)
  const { body } = await api<EventPage>('GET', '/events?type=CUSTOM_N&order=oldest')
  expect(body.data.map(({ event }) => event.event_metadata)).toEqual([
    {},
    { n: 'Infinity', m: '-Infinity' },
    { n: 2 },
  ])
  expect(await problemOf(ctx)).toMatchObject({ problem: null })
})

test('finds words wherever they are in a long log, in order, and pages through them', async () => {
  const { ctx, api } = await serviceForTest()
  const rare = { text: 'needle' }
  await ctx.db.transaction().execute((tx) =>
    appendCustomEvents(
      tx,
      ctx.clock(),
      Array.from({ length: 8 }, (_, n) => ({ ...custom(n), event_metadata: { n, ...(n % 2 ? rare : {}) } })),
    ),
  )
  await api('GET', '/events?type=CUSTOM_N')
  // As far apart as if there were a million entries between any two of them.
  await sql`update events set position = position * 1000000`.execute(ctx.db)
  const all = [1, 3, 5, 7]
  const read = async (window: { newestFirst: boolean; after: number | null; upTo?: number; limit: number }) =>
    (await listEvents(ctx, { text: 'needle', type: 'CUSTOM_N', ...window })).map(readEvent)
  for (const newestFirst of [true, false]) {
    const found: number[] = []
    for (let after: number | null = null; ; ) {
      const [entry] = await read({ newestFirst, after, limit: 1 })
      if (!entry) break
      after = entry.position
      found.push(Number(entry.event.event_metadata.n))
    }
    expect(found).toEqual(newestFirst ? all.toReversed() : all)
    const whole = await read({ newestFirst, after: null, limit: 100 })
    expect(whole.map(({ event }) => event.event_metadata.n)).toEqual(found)
    const [, second] = whole
    const upTo = await read({ newestFirst, after: null, upTo: second?.position ?? 0, limit: 100 })
    expect(upTo.map(({ event }) => event.event_metadata.n)).toEqual(newestFirst ? [5, 3, 1] : [1, 3])
  }
})

test('finds entries by words, type, outcome and what they are about, and pages through them', async () => {
  const { ctx, api } = await serviceForTest()
  await ctx.db.transaction().execute((tx) =>
    appendCustomEvents(tx, ctx.clock(), [
      {
        ...custom(1),
        targets: [{ target_type: 'USER', target_data: { id: 'usr_1', name: 'Grace Hopper' } }],
      },
      { ...custom(2), outcome: 'FAILED', event_metadata: { text: 'O’Brien\u0000 \ud800 ünïcode' } },
    ]),
  )
  const found = async (query: string) =>
    (await api<EventPage>('GET', `/events?${query}`)).body.data.map(({ event }) => event.event_metadata)
  expect(await found('q=grace%20hopper')).toEqual([{ n: 1 }])
  expect(await found('target_id=usr_1')).toEqual([{ n: 1 }])
  expect(await found('outcome=FAILED')).toEqual([{ text: 'O’Brien\u0000 \ufffd ünïcode' }])
  expect(await found(`q=${encodeURIComponent("ünïcode ' | & :*")}`)).toHaveLength(1)
  expect(await found('type=ADMIN_CREATED_APP')).toEqual([])
  const count = async (query: string) => (await api('GET', `/events/count?${query}`)).body
  expect(await count('outcome=FAILED&q=ünïcode')).toEqual({ count: 1 })
  expect(await count('type=ADMIN_CREATED_APP')).toEqual({ count: 0 })
  expect((await api('GET', '/events/count?limit=1')).status).toBe(422)
  const first = await api<EventPage>('GET', '/events?limit=1&type=CUSTOM_N')
  const second = await api<EventPage>('GET', `/events?limit=1&type=CUSTOM_N&cursor=${first.body.next_cursor}`)
  expect(second.body.data[0]?.position).toBeLessThan(first.body.data[0]?.position ?? 0)
  expect((await api('GET', '/events?cursor=bm9uc2Vuc2U')).status).toBe(422)
  const id = first.body.data[0]?.id
  expect((await api<EventRead>('GET', `/events/${id}`)).body.id).toBe(id)
  expect((await api('GET', '/events/evt_0')).status).toBe(404)
})
