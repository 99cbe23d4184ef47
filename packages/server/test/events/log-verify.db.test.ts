/** `keyhook log verify` against a server, an export and the database, before and after each kind of tampering. */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { runKeyhook } from '../../../../test/support/server-process.ts'
import { logOfServer } from '../../src/cli/log-sources.ts'
import { verifyLog } from '../../src/cli/log-verify.ts'
import { serviceForTest, type TestService, testKey } from '../support/harness.ts'

const custom = (n: number) => ({
  actor: { actor_type: 'SERVICE', actor_data: {} },
  event_type: 'CUSTOM_N',
  event_metadata: { n },
})

/** Some entries, and a checkpoint that stands for all of them. */
async function serviceWithEvents(): Promise<TestService> {
  let aheadMs = 0
  const service = await serviceForTest({}, { clock: () => Date.now() + aheadMs })
  await service.api('POST', '/events/batch', { events: Array.from({ length: 40 }, (_, n) => custom(n)) })
  await service.api('GET', '/events')
  aheadMs = 61_000
  await service.api('POST', '/events', custom(40))
  await service.api('GET', '/events')
  return service
}

const verifyServer = (service: TestService, ...more: string[]) =>
  runKeyhook(['log', 'verify', ...more], { KEYHOOK_URL: service.url, KEYHOOK_API_KEY: testKey })

test('an untouched log holds: asked from the server, from an export, in part', {
  timeout: 90_000,
}, async () => {
  const service = await serviceWithEvents()
  const whole = await verifyServer(service)
  expect(whole).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Checking the log of [^\n]+\n$/) })
  expect(whole.stdout).toMatch(/^All holds: \d+ entries, 1 to \d+/)
  const part = await verifyServer(service, '--from', '5', '--to', '9')
  expect(part.stdout).toMatch(/^All holds: 5 entries, 5 to 9/)

  const key = path.join(service.dataDir, 'key.json')
  const printed = await runKeyhook(['log', 'key'], { KEYHOOK_URL: service.url, KEYHOOK_API_KEY: testKey })
  await writeFile(key, printed.stdout)
  const file = path.join(service.dataDir, 'export.ndjson')
  const { text } = await service.api('GET', '/events/export')
  await writeFile(file, text)
  const offline = (...more: string[]) =>
    runKeyhook(['log', 'verify', '--file', file, '--key', key, ...more], {})
  expect(await offline()).toMatchObject({ code: 0 })
  const lines = text.trim().split('\n')
  await writeFile(file, text.replace('"n":7', '"n":8'))
  const changed = await offline()
  expect(changed.code).toBe(1)
  expect(changed.stderr).toMatch(/^Checking .*\nEntry \d+ \(evt_[0-9a-f]{32}\) is wrong\./)
  await writeFile(file, `${lines.slice(0, 9).join('\n')}\nnot an entry\n`)
  expect(await offline()).toMatchObject({ code: 1, stderr: expect.stringContaining('line 10') })
  // The tail of an export is missing: its checkpoint from outside says so.
  const checkpoints = path.join(service.dataDir, 'log-checkpoints.jsonl')
  const { count } = JSON.parse((await readFile(checkpoints, 'utf8')).trim().split('\n').at(-1) ?? '')
  await writeFile(file, `${lines.slice(0, count - 1).join('\n')}\n`)
  expect(await offline('--checkpoint', checkpoints)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is missing'),
  })
})

const tamperings: [string, string][] = [
  ['a change', `update events set metadata = '{"n":99}' where position = 12`],
  ['a deletion in the middle', 'delete from events where position = 12'],
  ['the tail deleted', 'delete from events where position > 12'],
  ['all deleted', 'delete from events'],
  [
    'two that changed places',
    `do $$ begin update events set position = 0 where position = 12; update events set position = 12 where position = 13;
      update events set position = 13 where position = 0; end $$`,
  ],
  [
    'one put in',
    "insert into events select 12, logged_at + interval '1 microsecond', 'evt_forged', type, label, actor, targets, metadata, outcome, began_at, actor_id, request_id, app_id, target_ids, words, hash from events where position = 12",
  ],
  ['a hash made anew without the key', `update events set hash = repeat('a', 128) where position = 12`],
  ['the request that it belongs to', `update events set request_id = 'req_x' where position = 12`],
]

test('each tampering is found, and the first bad entry named', async () => {
  const service = await serviceWithEvents()
  const { db } = service.ctx
  await sql`create table untouched as table events`.execute(db)
  for (const [name, statement] of tamperings) {
    await sql.raw(statement).execute(db)
    const report = await verifyLog(await logOfServer(service.url, testKey), { from: null, to: null }, [])
    expect([1, 2, 12, 13], `${name}: ${report.problem?.text}`).toContain(report.problem?.position)
    await sql`delete from events`.execute(db)
    await sql`insert into events select * from untouched`.execute(db)
    // What was logged while it was tampered with goes too.
    await sql`delete from event_inbox`.execute(db)
    await sql`update log_head set (position, hash) =
      (select position, hash from events order by position desc limit 1)`.execute(db)
  }
  const report = await verifyLog(await logOfServer(service.url, testKey), { from: null, to: null }, [])
  expect(report.problem).toBeNull()
})

test('an old backup that was restored is found by the checkpoints that were kept outside', {
  timeout: 90_000,
}, async () => {
  const service = await serviceWithEvents()
  const { db } = service.ctx
  // The database goes back to entry 1, and the log is written on from there.
  const { rows } = await sql<{ hash: string }>`select hash from events where position = 1`.execute(db)
  await sql`delete from events where position > 1`.execute(db)
  await sql`delete from log_checkpoints where position > 1`.execute(db)
  await sql`update log_head set position = 1, hash = ${rows[0]?.hash}`.execute(db)
  for (let n = 0; n < 60; n++)
    await service.api('POST', '/events', {
      actor: { actor_type: 'S', actor_data: {} },
      event_type: 'CUSTOM_NEW',
    })
  await service.api('GET', '/events')
  const alone = await verifyServer(service)
  expect(alone).toMatchObject({ code: 0 })
  const outside = path.join(service.dataDir, 'log-checkpoints.jsonl')
  const found = await verifyServer(service, '--checkpoint', outside)
  expect(found.code).toBe(1)
  expect(found.stderr).toContain('is another than the checkpoint')
})

test.each([['--from', 'x'], ['--from', '9', '--to', '3'], ['--file', 'x.ndjson'], ['--nonsense']])(
  'wrong arguments (%s %s) show the usage and fail',
  async (...args) => {
    const answer = await runKeyhook(['log', 'verify', ...args.filter((arg) => arg !== undefined)], {})
    expect(answer).toMatchObject({ code: 2, stderr: expect.stringContaining('usage: keyhook log verify') })
  },
)

test('the database is checked without a server', async () => {
  const service = await serviceWithEvents()
  const { env } = service
  await service.api('GET', '/events')
  if (service.ctx.databaseKind === 'postgres') {
    const found = await runKeyhook(['log', 'verify'], env)
    expect(found).toMatchObject({ code: 0, stderr: 'Checking the log in the database.\n' })
  } else {
    // The server that has the folder open is asked instead.
    const found = await runKeyhook(['log', 'verify'], env)
    expect(found.code).toBe(0)
    expect(found.stderr).toContain(`Checking the log of ${service.url}`)
  }
})
