import { hostname } from 'node:os'
import { pino } from 'pino'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../src/db/open.ts'
import { leaseMs, removeDeadProcesses, takeLease, watchRenewals } from '../../src/db/process-lease.ts'
import { testDatabase } from '../support/harness.ts'

const log = pino({ level: 'silent' })
const start = Date.UTC(2026, 0, 1)

let open: OpenDatabase
beforeEach(async () => {
  const database = await testDatabase()
  open = await openDatabase({ url: database.env.DATABASE_URL ?? null, dataDir: database.dataDir }, log)
  return async () => {
    await open.close()
    await database.drop()
  }
})

const ids = async () => (await open.db.selectFrom('processes').select('id').execute()).map(({ id }) => id)
const lease = async (now = start) => {
  const taken = await takeLease(open.db, () => now, log)
  onTestFinished(() => taken.release().catch(() => {}))
  return taken
}
/** A process as another one would have registered it. */
const register = (id: string, host: string, pid: number, expires: number) =>
  open.db
    .insertInto('processes')
    .values({ id, host, pid, expires_at: new Date(expires) })
    .execute()

describe('a lease', () => {
  test('names this process and ends when it is released', async () => {
    const mine = await lease()
    const [row] = await open.db.selectFrom('processes').selectAll().execute()
    expect(row).toEqual({
      id: mine.id,
      host: hostname(),
      pid: process.pid,
      expires_at: new Date(start + leaseMs),
    })
    await mine.release()
    expect(await ids()).toEqual([])
  })
})

test('renewals are steady from the start on, not while they are late, and again a whole lease after they were', () => {
  let now = start
  const renewals = watchRenewals(() => now)
  const pass = (ms: number) => {
    now += ms
    return renewals.isSteady()
  }
  expect(pass(0)).toBe(true)
  expect(pass(leaseMs / 2)).toBe(true)
  expect(pass(1)).toBe(false)
  renewals.renewed()
  for (let passed = 0; passed < leaseMs; passed += leaseMs / 5) {
    expect(pass(leaseMs / 5)).toBe(false)
    renewals.renewed()
  }
  expect(pass(1)).toBe(true)
})

describe('removeDeadProcesses', () => {
  test('keeps those that live: on another host within the lease, and on this one', async () => {
    const mine = await lease()
    const second = await lease()
    await register('prc_far', 'elsewhere', 1, start + leaseMs)
    await register('prc_here', hostname(), process.ppid, start + leaseMs)
    expect(await removeDeadProcesses(open.db, () => start, mine)).toBe(0)
    expect((await ids()).sort()).toEqual([mine.id, 'prc_far', 'prc_here', second.id].sort())
  })

  test('removes one on another host when its lease has run out, and not a moment before', async () => {
    const mine = await lease()
    await register('prc_far', 'elsewhere', 1, start)
    expect(await removeDeadProcesses(open.db, () => start, mine)).toBe(0)
    expect(await removeDeadProcesses(open.db, () => start + 1, mine)).toBe(1)
    expect(await ids()).toEqual([mine.id])
  })

  test('after an outage of the database gives the others the time to renew theirs', async () => {
    const mine = await lease()
    await register('prc_far', 'elsewhere', 1, start)
    const late = { ...mine, isSteady: () => false }
    expect(await removeDeadProcesses(open.db, () => start + 1, late)).toBe(0)
    expect(await removeDeadProcesses(open.db, () => start + 1, mine)).toBe(1)
  })

  test('removes at once one on this host whose process is gone', async () => {
    const mine = await lease()
    // No system gives out a number as large as this one.
    await register('prc_gone', hostname(), 2 ** 31 - 1, start + leaseMs)
    expect(await removeDeadProcesses(open.db, () => start, mine)).toBe(1)
    expect(await ids()).toEqual([mine.id])
  })

  test('removes a predecessor that had the same process number, as in a container', async () => {
    const mine = await lease()
    await register('prc_before', hostname(), process.pid, start + leaseMs)
    expect(await removeDeadProcesses(open.db, () => start, mine)).toBe(1)
    expect(await ids()).toEqual([mine.id])
  })

  test('never removes the one that asks, however late it is', async () => {
    const mine = await lease()
    expect(await removeDeadProcesses(open.db, () => start + 10 * leaseMs, mine)).toBe(0)
    expect(await ids()).toEqual([mine.id])
  })
})
