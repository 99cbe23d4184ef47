/** `GET /events/stream`: following the log, coming back to it, being put out of it. */
import { once } from 'node:events'
import { connect } from 'node:net'
import type { EventRead } from '@keyhook/contract/api/event.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { readLogKeys } from '../../src/events/log-keys.ts'
import { createSequencer } from '../../src/events/sequencer.ts'
import { serviceForTest, startTestService, type TestService, testKey } from '../support/harness.ts'
import { makePerson } from '../support/person.ts'
import { follow, type LiveClient } from './live-client.ts'

type Api = Pick<TestService, 'api'>

/** Of its own for each test: most of them share a log. */
let type = ''
let tests = 0
beforeEach(() => {
  tests += 1
  type = `CUSTOM_N_${tests}`
})

async function tell({ api }: Api, ns: number[], more: Record<string, unknown> = {}) {
  const events = ns.map((n) => ({
    actor: { actor_type: 'SERVICE', actor_data: {} },
    event_type: type,
    event_metadata: { n },
    ...more,
  }))
  const { status, text } = await api('POST', '/events/batch', { events })
  if (status !== 201) throw new Error(text)
}

const numberOf = (frame: { data: unknown } | null) =>
  (frame?.data as EventRead | undefined)?.event.event_metadata.n

/** The numbers of the next entries that `tell` made. */
async function numbers(client: LiveClient, count: number) {
  const found: unknown[] = []
  while (found.length < count) {
    const frame = await client.nextTold()
    if (frame === null) throw new Error(`it ended after ${found.length}`)
    found.push(numberOf(frame))
  }
  return found
}

async function change({ api }: Api, id: string, members: object) {
  const { headers } = await api('GET', `/users/${id}`)
  return api('PATCH', `/users/${id}`, members, { headers: { 'if-match': headers.get('etag') ?? '' } })
}

const wrong: [query: string, headers: Record<string, string>, pointer: string][] = [
  ['?after=-1', {}, '/query/after'],
  ['?after=x', {}, '/query/after'],
  ['?after=1.5', {}, '/query/after'],
  ['?after=999999', {}, '/query/after'],
  ['?nonsense=1', {}, '/query'],
  ['?outcome=MAYBE', {}, '/query/outcome'],
  ['', { 'last-event-id': '-5' }, '/headers/last-event-id'],
  ['', { 'last-event-id': '999999' }, '/headers/last-event-id'],
  ['', { 'last-event-id': 'evt_1' }, '/headers/last-event-id'],
]

describe('on one server', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startTestService()
  })
  afterAll(() => service.stop())

  test('what happens is told in its order, with the position as id, and shown as the list shows it', async () => {
    await tell(service, [1])
    const client = await follow(service, `?type=${type}`)
    expect(client.status).toBe(200)
    expect(client.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(client.headers.get('cache-control')).toBe('no-store')
    const hello = await client.next()
    expect(hello).toMatchObject({ data: null, id: expect.stringMatching(/^\d+$/) })
    await tell(service, [2, 3])
    const frame = await client.nextTold()
    const listed = await service.api<{ data: EventRead[] }>('GET', `/events?type=${type}&order=oldest`)
    expect(frame?.data).toEqual(listed.body.data[1])
    expect(frame?.id).toBe(String(listed.body.data[1]?.position))
    expect(await numbers(client, 1)).toEqual([3])
  })

  test('who comes back with the last id gets the rest, without a gap and nothing twice', async () => {
    const all = Array.from({ length: 450 }, (_, n) => n)
    let client = await follow(service, `?type=${type}&after=0`)
    const got: unknown[] = []
    const writing = (async () => {
      for (let from = 0; from < all.length; from += 30) await tell(service, all.slice(from, from + 30))
    })()
    while (got.length < all.length) {
      got.push(...(await numbers(client, 45)))
      client.close()
      // A browser sends the address that it began with, and the id that it got last.
      client = await follow(service, `?type=${type}&after=0`, {
        authorization: `Bearer ${testKey}`,
        'last-event-id': client.lastId() ?? '',
      })
    }
    await writing
    expect(got).toEqual(all)
  })

  test('the filters are those of the list', async () => {
    const failed = await follow(service, '?outcome=FAILED')
    const about = await follow(service, '?target_id=box_7&q=blue%20box')
    const both = [await follow(service, `?type=${type}`), await follow(service, `?type=${type}`)]
    await tell(service, [1])
    await tell(service, [2], { outcome: 'FAILED' })
    const targets = [{ target_type: 'BOX', target_data: { id: 'box_7', name: 'The blue box' } }]
    await tell(service, [3], { targets })
    expect(await numbers(failed, 1)).toEqual([2])
    expect(await numbers(about, 1)).toEqual([3])
    for (const client of both) expect(await numbers(client, 3)).toEqual([1, 2, 3])
  })

  test('entries that another process numbered are told too', async () => {
    const { ctx, url } = service
    const client = await follow({ url }, `?type=${type}`)
    await client.next()
    const other = createSequencer(ctx, await readLogKeys(ctx))
    await ctx.db
      .insertInto('event_inbox')
      .values({
        id: 'evt_other',
        type,
        label: 'N',
        actor: '{}',
        targets: '[]',
        metadata: '{"n":7}',
        outcome: 'SUCCEEDED',
        began_at: new Date(ctx.clock()),
        actor_id: null,
        request_id: null,
        app_id: null,
      })
      .execute()
    await other.sequence()
    let found: unknown
    while (found !== 7) found = numberOf(await client.nextTold())
  })

  test('a person whose session ends, who is deactivated or no administrator any more is told nothing more', async () => {
    const ends: [string, (person: { id: string; cookie: string }) => Promise<unknown>][] = [
      [
        'out',
        ({ cookie }) => service.api('POST', '/sign-out', undefined, { key: null, headers: { cookie } }),
      ],
      ['gone', ({ id }) => change(service, id, { status: 'inactive' })],
      ['demoted', ({ id }) => change(service, id, { role: 'person' })],
    ]
    // Somebody must stay administrator.
    await makePerson(service, 'stays@example.com', { role: 'admin' })
    for (const [name, end] of ends) {
      const person = await makePerson(service, `${name}@example.com`, { role: 'admin' })
      const client = await follow(service, `?type=${type}`, { cookie: person.cookie })
      expect(client.status).toBe(200)
      await tell(service, [1])
      expect(await numbers(client, 1)).toEqual([1])
      expect(await end(person)).toMatchObject({ status: expect.toSatisfy((status) => status < 300) })
      await tell(service, [2])
      expect(await client.nextTold(), name).toMatchObject({ event: 'signed_out', data: {} })
      expect(await client.next()).toBeNull()
    }
  })

  test('only administrators follow the log', async () => {
    const employee = await makePerson(service, 'employee@example.com')
    expect((await follow(service, '', { cookie: employee.cookie })).status).toBe(404)
    expect((await follow(service, '', {})).status).toBe(401)
  })

  test('a place or a filter that makes no sense is refused, and the member named', async () => {
    for (const [query, headers, pointer] of wrong) {
      const answer = await fetch(`${service.url}/api/v1/events/stream${query}`, {
        headers: { authorization: `Bearer ${testKey}`, ...headers },
      })
      expect(answer.status, query).toBe(422)
      const { errors } = (await answer.json()) as { errors: { pointer: string }[] }
      expect(errors[0]?.pointer).toContain(pointer)
    }
  })
})

test('a reader that takes nothing while the log goes on is cut off, and goes on later where it was', {
  timeout: 120_000,
}, async () => {
  const service = await serviceForTest()
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.pause()
  socket.write(
    `GET /api/v1/events/stream?after=0&type=${type} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${testKey}\r\nconnection: close\r\n\r\n`,
  )
  // More than the buffers of two sockets hold.
  const bulk = 'x'.repeat(60_000)
  for (let batch = 0; batch < 2; batch++)
    await tell(
      service,
      Array.from({ length: 100 }, (_, n) => batch * 100 + n),
      { event_metadata: { bulk } },
    )
  for (let batch = 0; batch < 6; batch++)
    await tell(
      service,
      Array.from({ length: 1_000 }, (_, n) => n),
    )
  await service.api('GET', '/events?limit=1')
  let text = ''
  socket.on('data', (chunk) => {
    text = (text + chunk.toString('latin1')).slice(-2_000)
  })
  socket.resume()
  await once(socket, 'close')
  const [, said = ''] = /event: cut_off\ndata: (\{.*\})\n/.exec(text) ?? []
  const { last_position } = JSON.parse(said) as { last_position: number }
  const back = await follow(service, `?after=${last_position}`)
  await back.next()
  expect(await back.next()).toMatchObject({ id: String(last_position + 1) })
})

test('a server that stops ends the answer, and the reader goes on at the next one', async () => {
  const service = await serviceForTest()
  const client = await follow(service, `?type=${type}`)
  await tell(service, [1])
  expect(await numbers(client, 1)).toEqual([1])
  const next = await service.restart()
  onTestFinished(() => next.stop())
  expect(await client.nextTold()).toBeNull()
  await tell(next, [2])
  const again = await follow(next, `?type=${type}`, {
    authorization: `Bearer ${testKey}`,
    'last-event-id': client.lastId() ?? '',
  })
  expect(await numbers(again, 1)).toEqual([2])
})

test('the hundred-and-first reader is asked to wait, and let in when another has left', async () => {
  const service = await serviceForTest()
  const clients = await Promise.all(Array.from({ length: 100 }, () => follow(service)))
  const refused = await follow(service)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('30')
  clients[0]?.close()
  let status = 429
  while (status === 429) status = (await follow(service)).status
  expect(status).toBe(200)
})
