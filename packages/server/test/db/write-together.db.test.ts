import { sql } from 'kysely'
import { pino } from 'pino'
import { beforeEach, expect, test } from 'vitest'
import { type OpenDatabase, openDatabase } from '../../src/db/open.ts'
import { writeTogether } from '../../src/db/write-together.ts'
import { testDatabase } from '../support/harness.ts'

let open: OpenDatabase
beforeEach(async () => {
  const database = await testDatabase()
  const log = pino({ level: 'silent' })
  open = await openDatabase({ url: database.env.DATABASE_URL ?? null, dataDir: database.dataDir }, log)
  return async () => {
    await open.close()
    await database.drop()
  }
})

const adding = (id: string) =>
  open.db.insertInto('processes').values({ id, host: 'host', pid: 1, expires_at: new Date() })
const ids = async () =>
  (await open.db.selectFrom('processes').select('id').orderBy('id').execute()).map(({ id }) => id)

test('all are written, and the rows of the last are returned', async () => {
  const last = sql<{ id: string }>`${adding('c').returning('id')}`
  expect(await writeTogether(open.db, [adding('a'), null, adding('b')], last)).toEqual([{ id: 'c' }])
  expect(await ids()).toEqual(['a', 'b', 'c'])
})

test('without a last one they are written and nothing is returned', async () => {
  expect(await writeTogether(open.db, [adding('a')], null)).toEqual([])
  expect(await ids()).toEqual(['a'])
})

test('without any, only the last one is written', async () => {
  const last = sql<{ id: string }>`${adding('a').returning('id')}`
  expect(await writeTogether(open.db, [null], last)).toEqual([{ id: 'a' }])
})

test('nothing to write asks the database nothing', async () => {
  await open.close()
  expect(await writeTogether(open.db, [null], null)).toEqual([])
})

test('one that cannot be written keeps all from being written', async () => {
  await adding('a').execute()
  await expect(writeTogether(open.db, [adding('b'), adding('a')], null)).rejects.toThrow(/unique/)
  expect(await ids()).toEqual(['a'])
})
