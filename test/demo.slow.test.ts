/** `keyhook demo`: every page has something to show, and real data is never touched. */
import { requestStatuses } from '@keyhook/contract/access-words.ts'
import type { AccessRequestSummary } from '@keyhook/contract/api/access-request.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import { expect, test } from 'vitest'
import { call } from '../packages/server/test/access/support.ts'
import { apiOf } from '../packages/server/test/support/harness.ts'
import { bootstrapKey, migratedFolder, runKeyhook, startServer } from './support/server-process.ts'

const started = async () => {
  const env = { KEYHOOK_DATA_DIR: await migratedFolder(), KEYHOOK_SANDBOX: 'true' }
  const server = await startServer(env)
  const plain = apiOf(server.url)
  const api: typeof plain = (method, path, body, options) =>
    plain(method, path, body, { key: bootstrapKey, ...options })
  return { env, server: { ...server, api } }
}

test('the demo has requests in every state, people who can sign in, rules and a review', async () => {
  const { env, server } = await started()
  const made = await runKeyhook(['demo'], env)
  expect(made.code, made.stderr).toBe(0)
  const requests = await call<Page<AccessRequestSummary>>(server, 'GET', '/access-requests?limit=200')
  expect(new Set(requests.data.map(({ status }) => status))).toEqual(new Set(requestStatuses))
  for (const path of ['/users', '/groups', '/apps', '/webhooks', '/grants', '/access-reviews'])
    expect((await call<Page<unknown>>(server, 'GET', path)).data.length, path).toBeGreaterThan(0)
  const [, password] = /with the password (\S+) as/.exec(made.stdout) ?? []
  const [, email] = /^ {2}(\S+@\S+)/m.exec(made.stdout) ?? []
  const signedIn = await server.api('POST', '/sign-in', { email, password }, { key: null })
  expect(signedIn.status, signedIn.text).toBe(200)
  const again = await runKeyhook(['demo'], env)
  expect(again.code).toBe(1)
  expect(again.stderr).toContain('this server has people or apps already')
  expect(await server.end('SIGTERM')).toBe(0)
})

test('the demo is not mixed into what a company has', async () => {
  const { env, server } = await started()
  await call(server, 'POST', '/apps', { name: 'Ledger' })
  const refused = await runKeyhook(['demo'], env)
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('this server has people or apps already')
  expect((await call<Page<unknown>>(server, 'GET', '/users')).data).toEqual([])
  expect((await call<Page<unknown>>(server, 'GET', '/apps')).data).toHaveLength(1)
  expect(await server.end('SIGTERM')).toBe(0)
})
