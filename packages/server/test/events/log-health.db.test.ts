/** `/readyz` and the activity log: numbering that fails, entries that wait, and a disk that is really full. */
import { execFileSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { EventPage } from '@keyhook/contract/api/event.ts'
import { sql } from 'kysely'
import { expect, inject, onTestFinished, test } from 'vitest'
import { envToConfig, readEnv } from '../../src/config.ts'
import { startService } from '../../src/service.ts'
import { apiOf, serviceForTest, testKey } from '../support/harness.ts'

const event = (n: number, text = '') => ({
  actor: { actor_type: 'SERVICE', actor_data: {} },
  event_type: 'CUSTOM_N',
  event_metadata: { n, text },
})

async function readiness({ url }: { url: string }) {
  const answer = await fetch(`${url}/readyz`)
  return { status: answer.status, text: await answer.text() }
}

test('not ready when numbering has failed for half a minute, and ready when it works again', async () => {
  const time = { now: Date.now() }
  const service = await serviceForTest({}, { clock: () => time.now })
  const { db } = service.ctx
  await sql`alter table events rename to events_away`.execute(db)
  expect((await service.api('POST', '/events', event(1))).status).toBe(201)
  await service.api('GET', '/log')
  expect(await readiness(service)).toMatchObject({ status: 200 })
  time.now += 31_000
  expect(await readiness(service)).toMatchObject({
    status: 503,
    text: expect.stringContaining('could not be numbered since'),
  })
  await sql`alter table events_away rename to events`.execute(db)
  await service.api('GET', '/log')
  expect(await readiness(service)).toMatchObject({ status: 200 })
})

test('not ready when entries wait for their place and nobody numbers them', async () => {
  const time = { now: Date.now() }
  const service = await serviceForTest({}, { clock: () => time.now })
  const { db } = service.ctx
  const [head] = await db.deleteFrom('log_head').returningAll().execute()
  if (!head) throw new Error('the log has a head')
  expect((await service.api('POST', '/events', event(1))).status).toBe(201)
  expect(await readiness(service)).toMatchObject({ status: 200 })
  time.now += 31_000
  expect(await readiness(service)).toMatchObject({
    status: 503,
    text: expect.stringContaining('wait for their place since'),
  })
  await sql`insert into log_head (position, hash, logged_at, first_position, checkpoint_position, checkpoint_at)
    values (${head.position}, ${head.hash}, ${head.logged_at}, ${head.first_position}, ${head.checkpoint_position},
      ${head.checkpoint_at})`.execute(db)
  await service.api('GET', '/log')
  expect(await readiness(service)).toMatchObject({ status: 200 })
})

/** A file system of its own; null, with the reason on the terminal, where none may be mounted. */
async function smallDisk(megabytes: number): Promise<string | null> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyhook-small-disk-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    process.stdout.write(
      `A full disk is not tested: no file system can be mounted here (${String(error)}).\n`,
    )
    return null
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]))
  return folder
}

test('a disk that is full: told, refused, and nothing that was acknowledged is lost', {
  timeout: 120_000,
}, async () => {
  const given = inject('testDatabase')
  // PostgreSQL keeps its files elsewhere: there only the data folder is full.
  const disk = await smallDisk(given.kind === 'pglite' ? 110 : 4)
  if (disk === null) return
  if (given.kind === 'pglite') await cp(given.template, disk, { recursive: true })
  const env = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', KEYHOOK_BOOTSTRAP_KEY: testKey }
  const config = envToConfig(readEnv({ ...env, KEYHOOK_DATA_DIR: disk }))
  if (given.kind === 'postgres') {
    const service = await serviceForTest({ KEYHOOK_DATA_DIR: disk })
    writeFileSync(path.join(disk, 'full'), Buffer.alloc(freeBytes(disk)))
    expect(await readiness(service)).toMatchObject({
      status: 503,
      text: expect.stringContaining('disk is full'),
    })
    rmSync(path.join(disk, 'full'))
    expect(await readiness(service)).toMatchObject({ status: 200 })
    return
  }
  const service = await startService(config)
  onTestFinished(() => service.stop())
  const api = apiOf(service.url)
  expect(await readiness(service)).toMatchObject({ status: 200 })
  writeFileSync(path.join(disk, 'full'), Buffer.alloc(Math.max(0, freeBytes(disk) - 1_500_000)))
  const acknowledged: number[] = []
  let refused = 0
  for (let n = 0; refused < 3; n++) {
    const answer = await api('POST', '/events', event(n, `${n} `.repeat(10_000).slice(0, 60_000)))
    if (answer.status === 201) acknowledged.push(n)
    else {
      expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } })
      refused += 1
    }
  }
  expect(await readiness(service)).toMatchObject({
    status: 503,
    text: expect.stringContaining('disk is full'),
  })
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200)

  rmSync(path.join(disk, 'full'))
  await expect
    .poll(async () => (await api('POST', '/events', event(-1))).status, { timeout: 30_000 })
    .toBe(201)
  await service.stop()
  const again = await startService(config)
  onTestFinished(() => again.stop())
  expect(await readiness(again)).toMatchObject({ status: 200 })
  const found = new Set<unknown>()
  let cursor = ''
  do {
    const { body } = await apiOf(again.url)<EventPage>('GET', `/events?type=CUSTOM_N&limit=200${cursor}`)
    for (const entry of body.data) found.add(entry.event.event_metadata.n)
    cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`
  } while (cursor !== '')
  expect(acknowledged.filter((n) => !found.has(n))).toEqual([])
})

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
