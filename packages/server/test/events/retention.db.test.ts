/** Months leaving the log: what is due, what is kept, what it says afterwards, and what stops it. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { EventPage, LogRead } from '@keyhook/contract/api/event.ts'
import type { LegalHoldRead, LogRetentionRead } from '@keyhook/contract/api/log-retention.ts'
import { sql } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { runKeyhook } from '../../../../test/support/server-process.ts'
import { serviceForTest, type TestService, testKey } from '../support/harness.ts'

const retained = { KEYHOOK_LOG_RETENTION_DAYS: '60' }

/** A service in which something happened on the 15th of January to April 2026; it is the 15th of April there. */
async function fourMonths(env: NodeJS.ProcessEnv = {}) {
  const time = { now: Date.parse('2026-01-15T10:00:00Z') }
  const service = await serviceForTest({ KEYHOOK_LOG_RETENTION_DAYS: '', ...env }, { clock: () => time.now })
  for (const month of ['01', '02', '03', '04']) {
    time.now = Date.parse(`2026-${month}-15T10:00:00Z`)
    await tell(service, 5)
  }
  return { service, time }
}

/** The same data under the retention. */
async function retainedOf(service: TestService, env: NodeJS.ProcessEnv = {}): Promise<TestService> {
  Object.assign(service.env, retained, env)
  const next = await service.restart()
  onTestFinished(() => next.stop())
  return next
}

async function tell({ api }: TestService, count: number) {
  const events = Array.from({ length: count }, (_, n) => ({
    actor: { actor_type: 'SERVICE', actor_data: {} },
    event_type: 'CUSTOM_N',
    event_metadata: { n },
  }))
  expect((await api('POST', '/events/batch', { events })).status).toBe(201)
  await api('GET', '/events?limit=1')
}

async function retentionOf({ api }: TestService): Promise<LogRetentionRead> {
  const { status, body, text } = await api<LogRetentionRead>('GET', '/log/retention')
  expect(status, text).toBe(200)
  return body
}

/** Looks now and then: without a pause the looks would keep the server from what they wait for. */
const until = <Value>(read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> =>
  vi.waitFor(
    async () => {
      const value = await read()
      expect(value).toSatisfy(holds)
      return value
    },
    { timeout: 60_000, interval: 50 },
  )

const verify = (service: TestService, ...more: string[]) =>
  runKeyhook(['log', 'verify', ...more], { KEYHOOK_URL: service.url, KEYHOOK_API_KEY: testKey })

test('without a retention everything stays', async () => {
  const { service } = await fourMonths()
  expect(await retentionOf(service)).toMatchObject({
    days: null,
    archived: true,
    first: { position: 1 },
    hold: null,
    next: null,
    problem: null,
  })
})

test('months that are old enough leave the log whole, archived; the rest verifies and says where it begins', {
  timeout: 300_000,
}, async () => {
  const before = await fourMonths()
  const { body: whole } = await before.service.api<EventPage>('GET', '/events?order=oldest&limit=200')
  // 60 days before the 15th of April is the 14th of February: only January is over by then.
  const service = await retainedOf(before.service)
  const told = await until(
    () => retentionOf(service),
    ({ first }) => first?.position !== 1,
  )
  const january = whole.data.filter(({ logged_at }) => logged_at < '2026-02')
  const cut = january.length
  const february = cut + whole.data.filter(({ logged_at }) => logged_at.startsWith('2026-02')).length
  expect(told).toMatchObject({
    days: 60,
    first: { position: cut + 1, logged_at: expect.stringMatching(/^2026-02-15/) },
    next: { month: '2026-02', at: '2026-04-30T00:00:00.000Z', waits_for: null },
    problem: null,
  })
  expect(told.bytes).toBeGreaterThan(0)
  const { body: log } = await service.api<LogRead>('GET', '/log')
  expect(log.cut).toMatchObject({
    count: cut,
    first_position: cut + 1,
    head: january.at(-1)?.event.event_hash,
  })
  expect(log.before).toEqual({ position: cut, hash: january.at(-1)?.event.event_hash })

  const drops = await service.api<EventPage>('GET', '/events?type=KEYHOOK_DROPPED_LOG_MONTH')
  expect(drops.body.data).toHaveLength(1)
  const file = path.join(service.dataDir, 'log-archive', 'activity-log-2026-01.ndjson.gz')
  const packed = readFileSync(file)
  expect(drops.body.data[0]?.event.event_metadata).toEqual({
    month: '2026-01',
    from_position: 1,
    to_position: cut,
    archive_file: 'activity-log-2026-01.ndjson.gz',
    archive_sha256: createHash('sha256').update(packed).digest('hex'),
  })
  const lines = gunzipSync(packed).toString().trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual(january)
  expect(readFileSync(`${file}.sha256`, 'utf8')).toMatch(
    /^[0-9a-f]{64} {2}activity-log-2026-01\.ndjson\.gz\n$/,
  )
  expect((await readdir(path.dirname(file))).filter((name) => name.startsWith('.'))).toEqual([])

  const verified = await verify(service, '--checkpoint', path.join(service.dataDir, 'log-checkpoints.jsonl'))
  expect(verified.stderr).not.toContain('wrong')
  expect(verified.code).toBe(0)
  expect(verified.stdout).toContain(`The log begins with entry ${cut + 1}:`)
  expect(await verify(service, '--from', String(cut + 2))).toMatchObject({ code: 0 })
  expect(await verify(service, '--from', '1', '--to', '3')).toMatchObject({ code: 1 })

  // The archive verifies by itself, up to its last entry.
  const key = path.join(service.dataDir, 'key.json')
  const printed = await runKeyhook(['log', 'key'], { KEYHOOK_URL: service.url, KEYHOOK_API_KEY: testKey })
  await writeFile(key, printed.stdout)
  const unpacked = path.join(service.dataDir, 'january.ndjson')
  const checkpoints = file.replace('.ndjson.gz', '.checkpoints.jsonl')
  const offline = () =>
    runKeyhook(['log', 'verify', '--file', unpacked, '--key', key, '--checkpoint', checkpoints], {})
  await writeFile(unpacked, `${lines.join('\n')}\n`)
  expect(await offline()).toMatchObject({ code: 0 })
  await writeFile(unpacked, `${lines.slice(0, -1).join('\n')}\n`)
  expect(await offline()).toMatchObject({ code: 1, stderr: expect.stringContaining('is missing') })

  // And so does the log when the next month has left it too.
  before.time.now = Date.parse('2026-05-01T00:00:00Z')
  await until(
    () => retentionOf(service),
    ({ next }) => next?.month === '2026-03',
  )
  const again = await verify(service)
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining(`with entry ${february + 1}:`) })
})

const cuts: [string, string][] = [
  ['more deleted at the beginning', 'delete from events where position <= first + 1'],
  [
    'more deleted, and the beginning moved',
    'delete from events where position <= first + 1; update log_head set first_position = first + 2',
  ],
  [
    'more deleted, and the checkpoint at the cut moved',
    `delete from events where position <= first + 1; update log_head set first_position = first + 2;
     update log_checkpoints set position = first + 1 where position = first - 1`,
  ],
  ['the checkpoint at the cut deleted', 'delete from log_checkpoints where position = first - 1'],
  [
    'the checkpoint at the cut changed',
    `update log_checkpoints set checkpoint = replace(checkpoint::text, '"first_position":', '"first_position":1')::json
     where position = first - 1`,
  ],
]

test('a log that was cut by more than was said does not verify', { timeout: 300_000 }, async () => {
  const before = await fourMonths()
  const service = await retainedOf(before.service)
  const told = await until(
    () => retentionOf(service),
    ({ first }) => first?.position !== 1,
  )
  const { db } = service.ctx
  const first = String(told.first?.position)
  // What tells of the drop has its place before the copies are made.
  await service.api('GET', '/events?limit=1')
  await sql`create table kept_events as table events`.execute(db)
  await sql`create table kept_checkpoints as table log_checkpoints`.execute(db)
  await sql`create table kept_head as table log_head`.execute(db)
  for (const [name, statements] of cuts) {
    for (const statement of statements.split(';'))
      await sql.raw(statement.replaceAll(/\bfirst\b/g, first)).execute(db)
    const found = await verify(service)
    expect(found.code, name).toBe(1)
    expect(found.stderr, name).toMatch(/is wrong\./)
    // At once: the log is written on beside it.
    await db.transaction().execute(async (tx) => {
      await sql`select from log_head for update`.execute(tx)
      await sql`delete from event_inbox`.execute(tx)
      await sql`delete from events`.execute(tx)
      await sql`insert into events select * from kept_events`.execute(tx)
      await sql`delete from log_checkpoints`.execute(tx)
      await sql`insert into log_checkpoints select * from kept_checkpoints`.execute(tx)
      await sql`delete from log_head`.execute(tx)
      await sql`insert into log_head select * from kept_head`.execute(tx)
    })
  }
  expect(await verify(service)).toMatchObject({ code: 0 })
})

test('a legal hold keeps every month until it is lifted, and both are told in the log', async () => {
  const { service, time } = await fourMonths()
  const wrong: unknown[] = [undefined, {}, { reason: '' }, { reason: 'x'.repeat(501) }, { reason: 7 }]
  for (const body of wrong)
    expect((await service.api('POST', '/log/hold', body)).status).toBeOneOf([400, 422])
  expect((await service.api('DELETE', '/log/hold')).status).toBe(404)
  const placed = await service.api<LegalHoldRead>('POST', '/log/hold', { reason: 'Case 2026/7' })
  expect(placed).toMatchObject({ status: 200, body: { reason: 'Case 2026/7' } })
  const second = await service.api('POST', '/log/hold', { reason: 'Another' })
  expect(second).toMatchObject({ status: 409, body: { code: 'log_held' } })

  const next = await retainedOf(service)
  time.now = Date.parse('2027-01-01T00:00:00Z')
  expect(await retentionOf(next)).toMatchObject({
    first: { position: 1 },
    hold: { reason: 'Case 2026/7' },
    next: { month: '2026-01', waits_for: 'hold' },
  })
  expect((await next.api('DELETE', '/log/hold')).status).toBe(204)
  await until(
    () => retentionOf(next),
    ({ first }) => first?.position !== 1,
  )
  for (const type of ['ADMIN_PLACED_LEGAL_HOLD', 'ADMIN_LIFTED_LEGAL_HOLD']) {
    const { body } = await next.api<EventPage>('GET', `/events?type=${type}`)
    expect(body.data.map(({ event }) => event.event_metadata)).toEqual([{ reason: 'Case 2026/7' }])
  }
})

test('a month stays while a SIEM stream has not sent it', { timeout: 90_000 }, async () => {
  const { service } = await fourMonths()
  // Nobody listens there.
  const webhook = await service.api<{ id: string }>('POST', '/webhooks', {
    type: 'siem',
    name: 'SIEM',
    endpoint_url: 'http://127.0.0.1:1/',
    stream: { start: 'beginning' },
  })
  expect(webhook.status, webhook.text).toBe(201)
  const next = await retainedOf(service)
  await until(
    () => retentionOf(next),
    (told) => told.next?.waits_for === 'stream',
  )
  expect((await retentionOf(next)).first?.position).toBe(1)
  // Nor need anybody: the stream leaves out what was.
  const moved = await next.api('POST', `/webhooks/${webhook.body.id}/stream/move`, { to: 'now' })
  expect(moved.status, moved.text).toBeLessThan(300)
  await until(
    () => retentionOf(next),
    ({ first }) => first?.position !== 1,
  )
})

test('a month that was tampered with stays, and it is said why', async () => {
  const { service } = await fourMonths()
  await sql`update events set metadata = '{"n":99}' where position = 2`.execute(service.ctx.db)
  const next = await retainedOf(service)
  const told = await until(
    () => retentionOf(next),
    ({ problem }) => problem !== null,
  )
  expect(told).toMatchObject({
    first: { position: 1 },
    next: { month: '2026-01', waits_for: 'problem' },
    problem: expect.stringContaining('entry 2 is wrong'),
  })
  expect(existsSync(path.join(next.dataDir, 'log-archive', 'activity-log-2026-01.ndjson.gz'))).toBe(false)
})

test('a month that cannot be archived stays', async () => {
  const { service } = await fourMonths()
  // A file stands where the folder should be.
  const file = path.join(service.dataDir, 'not-a-folder')
  await writeFile(file, '')
  const next = await retainedOf(service, { KEYHOOK_LOG_ARCHIVE_DIR: file })
  const told = await until(
    () => retentionOf(next),
    ({ problem }) => problem !== null,
  )
  expect(told).toMatchObject({ first: { position: 1 }, next: { waits_for: 'problem' } })
})

test('without an archive a month is dropped all the same', async () => {
  const { service } = await fourMonths()
  const next = await retainedOf(service, { KEYHOOK_LOG_ARCHIVE_DIR: 'none' })
  expect(await retentionOf(next)).toMatchObject({ archived: false })
  await until(
    () => retentionOf(next),
    ({ first }) => first?.position !== 1,
  )
  expect(existsSync(path.join(next.dataDir, 'log-archive'))).toBe(false)
})

test('the month of the last entry stays, however old it is', async () => {
  const time = { now: Date.parse('2026-01-15T10:00:00Z') }
  const service = await serviceForTest(retained, { clock: () => time.now })
  await tell(service, 3)
  await service.ctx.db
    .updateTable('log_head')
    .set({ checkpoint_at: new Date('2030-01-01') })
    .execute()
  time.now = Date.parse('2027-01-15T10:00:00Z')
  // The job looks once a second; it has looked when it says why another month would stay.
  const next = await service.restart()
  onTestFinished(() => next.stop())
  expect(await retentionOf(next)).toMatchObject({ first: { position: 1 }, problem: null })
})
