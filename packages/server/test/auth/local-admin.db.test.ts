import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readLocalAdmin } from '../../src/auth/local-admin.ts'
import { serviceForTest, type TestService } from '../support/harness.ts'

const fileOf = ({ dataDir }: TestService) => path.join(dataDir, 'local-admin.json')

test('a server with PGlite leaves a token for this system user while it runs; one with PostgreSQL needs none', async () => {
  const first = await serviceForTest()
  if (first.ctx.databaseKind === 'postgres') {
    expect(existsSync(fileOf(first))).toBe(false)
    return
  }
  expect(statSync(fileOf(first)).mode & 0o777).toBe(0o600)
  const local = readLocalAdmin(first.dataDir)
  expect(local?.url).toBe(first.url)
  const meWith = (at: TestService) => at.api('GET', '/me', undefined, { key: local?.token ?? '' })
  expect((await meWith(first)).body).toMatchObject({ id: 'local', role: 'admin' })
  const answers = [await first.api('GET', '/api-keys'), await first.api('GET', '/server')]
  for (const { text } of answers) expect(text).not.toContain(local?.token)

  const second = await first.restart()
  onTestFinished(() => second.stop())
  expect((await meWith(second)).status).toBe(401)
  expect(readLocalAdmin(second.dataDir)?.token).not.toBe(local?.token)
  await second.stop()
  expect(existsSync(fileOf(second))).toBe(false)
})
