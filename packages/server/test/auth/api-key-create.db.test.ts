/** `keyhook api-key create`, as a process of its own, beside a server and without one. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { bootstrapKey, dataFolder, runKeyhook, startServer } from '../../../../test/support/server-process.ts'
import { writeLocalAdmin } from '../../src/auth/local-admin.ts'
import { apiOf, testDatabase } from '../support/harness.ts'

const isPGlite = () => inject('testDatabase').kind === 'pglite'
const create = (env: NodeJS.ProcessEnv, ...more: string[]) =>
  runKeyhook(['api-key', 'create', '--name', 'ci', ...more], env)

async function databaseForTest() {
  const database = await testDatabase()
  onTestFinished(() => database.drop())
  return database
}

test('beside a running server makes a key that works there, and prints nothing else', async () => {
  const { env } = await databaseForTest()
  const server = await startServer(env)
  const made = await create(env, '--role', 'admin')
  expect(made.code).toBe(0)
  expect(made.stdout).toMatch(/^kh_[0-9A-Za-z]{36}\n$/)
  expect(made.stderr).toBe(
    isPGlite() ? `Asking the server at ${server.url}, which has ${env.KEYHOOK_DATA_DIR} open.\n` : '',
  )
  const api = apiOf(server.url)
  const key = made.stdout.trim()
  const me = await api('GET', '/me', undefined, { key })
  expect(me.body).toMatchObject({ kind: 'api_key', name: 'ci', role: 'admin' })
  const list = await api<{ data: { name: string; created_by: string }[] }>('GET', '/api-keys', undefined, {
    key,
  })
  expect(list.body.data.find(({ name }) => name === 'ci')?.created_by).toMatch(/^Command line/)
  expect(await server.end('SIGTERM')).toBe(0)
})

test('without a server makes a key that works once there is one', async () => {
  const { env } = await databaseForTest()
  const made = await create(env)
  expect(made).toMatchObject({ code: 0, stderr: '' })
  const server = await startServer(env)
  const me = await apiOf(server.url)('GET', '/me', undefined, { key: made.stdout.trim() })
  expect(me.status).toBe(200)
  await server.end('SIGTERM')
})

test('after the server was killed makes a key all the same', async () => {
  const { env } = await databaseForTest()
  const server = await startServer(env)
  await server.end('SIGKILL')
  const made = await create(env)
  expect(made.code).toBe(0)
  expect(made.stdout).toMatch(/^kh_[0-9A-Za-z]{36}\n$/)
})

test.each([
  ['another program', 200, 'text/html', '<h1>Hello</h1>'],
  ['another Keyhook', 401, 'application/problem+json', '{"detail":"Sign in"}'],
])(
  'after the server was killed and %s has its port makes a key all the same',
  async (_who, status, type, body) => {
    const { env, dataDir } = await databaseForTest()
    const other = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': type }).end(body)
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await new Promise((resolve) => other.once('listening', resolve))
    writeLocalAdmin(dataDir, {
      url: `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
      token: `khl_${'0'.repeat(43)}`,
    })
    const made = await create(env)
    expect(made.code).toBe(0)
    expect(made.stdout).toMatch(/^kh_[0-9A-Za-z]{36}\n$/)
  },
)

test('without data says so', async () => {
  const folder = path.join(await dataFolder(), 'nowhere')
  const refused = await create({ KEYHOOK_DATA_DIR: folder })
  expect(refused.code).toBe(1)
  expect(refused.stdout).toBe('')
  expect(refused.stderr).toContain(`there is no data in ${folder}; start the server first`)
})

test('with an environment that cannot be used says which variable', async () => {
  const refused = await create({ KEYHOOK_BOOTSTRAP_KEY: 'hidden' })
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(/^KEYHOOK_BOOTSTRAP_KEY must be/)
  expect(refused.stderr).not.toContain('hidden')
})

test.each<[string, string[], RegExp]>([
  ['no name', [], /^--name: Required\.\n/],
  ['an empty name', ['--name', ''], /^--name: Must not be empty\n/],
  ['a name without a value', ['--name'], /--name/],
  ['a long name', ['--name', 'x'.repeat(101)], /^--name: At most 100 characters\n/],
  ['a role that does not exist', ['--name', 'ci', '--role', 'owner'], /^--role: Must be admin\.\n/],
  ['an unknown option', ['--name', 'ci', '--colour', 'red'], /--colour/],
  ['a word too many', ['ci'], /ci/],
])('with %s shows the usage and makes nothing', async (_what, args, message) => {
  const refused = await runKeyhook(['api-key', 'create', ...args], { KEYHOOK_BOOTSTRAP_KEY: bootstrapKey })
  expect(refused.code).toBe(2)
  expect(refused.stdout).toBe('')
  expect(refused.stderr).toMatch(message)
  expect(refused.stderr).toContain('usage: keyhook api-key create --name NAME [--role admin]')
  expect(refused.stderr).not.toMatch(/invalid|undefined|\bat .*\.ts:/i)
})
