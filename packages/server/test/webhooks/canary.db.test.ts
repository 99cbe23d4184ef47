/** Unique secrets are planted in every kind of field and must be found nowhere else, in no form. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { newSigningSecret } from '@keyhook/contract/signing-secret.ts'
import { sql } from 'kysely'
import pino from 'pino'
import { expect, test } from 'vitest'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import { cookieOf, withCookie } from '../auth/administrator.ts'
import { serviceForTest, testKey } from '../support/harness.ts'
import { startReceiver } from '../support/receiver.ts'

/** With characters that JSON, URLs, forms and HTML each write in another way. */
const canary = (kind: string) => `canary/${kind}+&<"~!*%${randomBytes(12).toString('hex')}`
/** For where an address or an e-mail is wanted. */
const plainCanary = (kind: string) => `canary-${kind}-${randomBytes(12).toString('hex')}`
/** What is the same in every text form of a canary. */
const heart = (secret: string) => secret.slice(-24)
const tlsFile = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../../test/fixtures/tls/${name}`, import.meta.url)), 'utf8')

/** The forms that programs print a value in. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    new URLSearchParams({ a: secret }).toString().slice(2),
    [...bytes].map((byte) => `%${byte.toString(16)}`).join(''),
    [...bytes].map((byte) => `\\u00${byte.toString(16)}`).join(''),
    inJson(secret),
    inJson(secret).replaceAll('/', '\\/'),
    inJson(secret).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
    inJson(inJson(secret)),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&#34;'),
  ]
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1)

test('planted secrets are found in no dump, no log, no answer, no page and no error', async () => {
  const logged: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk))
      done()
    },
  })
  const smtpPassword = plainCanary('smtp')
  const env = {
    KEYHOOK_SMTP_URL: `smtp://keyhook:${smtpPassword}@127.0.0.1:9`,
    KEYHOOK_MAIL_FROM: 'keyhook@corp.example',
  }
  const service = await serviceForTest(env, {
    log: pino({ level: 'trace' }, sink) as never,
    publicAllow: parseEgressAllow('127.0.0.1'),
  })
  const seen: string[] = []
  const api = async <Body>(...of: Parameters<typeof service.api>) => {
    const answer = await service.api<Body>(...of)
    seen.push(answer.text, JSON.stringify([...answer.headers]))
    return answer
  }

  const signing = newSigningSecret()
  const rotated = newSigningSecret()
  const oauthKey = generateKeyPairSync('ed25519')
    .privateKey.export({ format: 'pem', type: 'pkcs8' })
    .toString()
  const secrets = {
    header: canary('header'),
    authorization: `Bearer ${canary('authorization')}`,
    value: canary('value'),
    password: canary('password'),
    token: canary('token'),
    client_secret: canary('client-secret'),
    secret_access_key: canary('aws-secret'),
    session_token: canary('aws-session'),
    user_password: canary('user-password'),
    typed_as_address: plainCanary('typed-as-address'),
    new_value: canary('new-value'),
  }

  // A receiver that repeats everything it was sent, in every form.
  const receiver = await startReceiver((request, response) => {
    const values = Object.values(request.headers).map(String)
    const all = values.flatMap(formsOf).join('\n')
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-echo': encodeURIComponent(values.join(' ')).slice(0, 3_000),
    })
    response.end(JSON.stringify({ response: true, message: values.join(' ').slice(0, 1_500), all }))
  })

  const setup = new URL(service.setupUrl ?? '')
  await api('POST', '/setup', {
    token: setup.hash.replace('#token=', ''),
    name: 'Ada',
    email: 'ada@example.com',
    password: secrets.user_password,
  })
  const session = await api('POST', '/sign-in', { email: 'ada@example.com', password: secrets.user_password })
  const asAda = withCookie(cookieOf(session))
  await api('POST', '/sign-in', { email: 'ada@example.com', password: `${secrets.user_password}-wrong` })
  await api('POST', '/sign-in', { email: secrets.typed_as_address, password: 'x' })

  const chats = { team: plainCanary('team-chat'), own: plainCanary('own-chat') }
  const team = await api<{ id: string }>('POST', '/notice-channels', {
    name: 'Ops',
    kind: 'slack',
    url: `${receiver.url}/${chats.team}`,
  })
  expect(team.status, team.text).toBe(201)
  const told = await api('POST', `/notice-channels/${team.body.id}/test`, {})
  expect(told.status, told.text).toBe(200)
  const chat = { kind: 'slack', url: `${receiver.url}/${chats.own}` }
  const chosen = await api('PATCH', '/me/notice-preferences', { chat, approvals: 'chat' }, asAda)
  expect(chosen.status, chosen.text).toBe(200)
  await api('GET', '/me/notice-preferences', undefined, asAda)
  await api('GET', '/notice-channels')

  const bob = await api<{ id: string }>('POST', '/users', { email: 'bob@example.com', given_name: 'Bob' })
  const invited = await service.api<{ url: string }>('POST', `/users/${bob.body.id}/invite`, {})
  const invitation = new URL(invited.body.url).hash.replace('#token=', '')
  expect(invitation.length).toBeGreaterThan(20)
  // The one answer that may hold the link.
  seen.push(invited.text.replaceAll(invitation, ''))
  await api('POST', '/invitations/read', { token: invitation })
  await api('GET', `/users/${bob.body.id}`)

  const base = { type: 'pre_approval', name: 'W', endpoint_url: receiver.url }
  const headers = [{ name: 'x-key', value: secrets.header }]
  const authentications = [
    { type: 'header', name: 'x-auth', value: secrets.value },
    { type: 'basic', username: 'ada', password: secrets.password },
    { type: 'bearer', token: secrets.token },
    {
      type: 'oauth2_client_credentials',
      token_url: receiver.url,
      client_id: 'c',
      client_secret: secrets.client_secret,
    },
    {
      type: 'oauth2_client_credentials',
      token_url: receiver.url,
      client_id: 'c',
      client_authentication: 'private_key_jwt',
      private_key: oauthKey,
    },
    {
      type: 'aws_signature_v4',
      region: 'eu-central-1',
      service: 'lambda',
      access_key_id: 'AKIAIOSFODNN7EXAMPLE',
      secret_access_key: secrets.secret_access_key,
      session_token: secrets.session_token,
    },
  ]
  const webhooks: string[] = []
  for (const authentication of authentications) {
    const made = await service.api<WebhookCreated>('POST', '/webhooks', {
      ...base,
      headers,
      authentication,
      signing_secret: signing,
      v1a_signature: true,
      client_certificate: { certificate: tlsFile('good.pem'), private_key: tlsFile('receiver.key') },
    })
    expect(made.status, made.text).toBe(201)
    // The one answer that may hold the signing secret.
    seen.push(made.text.replaceAll(signing, ''))
    webhooks.push(made.body.id)
  }
  const plain = await service.api<WebhookCreated>('POST', '/webhooks', {
    ...base,
    headers: [...headers, { name: 'authorization', value: secrets.authorization }],
    signing_secret: signing,
  })
  seen.push(plain.text.replaceAll(signing, ''))
  webhooks.push(plain.body.id)

  const late = await service.api<WebhookCreated>('POST', '/webhooks', {
    ...base,
    headers,
    signing_secret: signing,
    callback_deadline_seconds: 60,
  })
  const asked = await api<{ payload: string }>('POST', `/webhooks/${late.body.id}/invoke`, { payload: {} })
  // Of the delivery only: it is in the payload, which administrators see.
  const callbackToken = new URL(JSON.parse(asked.body.payload).callback_url).pathname.split('/').at(-1) ?? ''
  expect(callbackToken.length).toBeGreaterThan(20)
  expect((await api('POST', `/callbacks/${callbackToken}`, { response: true })).status).toBe(409)

  for (const id of webhooks) {
    await api('GET', `/webhooks/${id}`)
    await api('POST', `/webhooks/${id}/test`, {})
    const { body } = await api<{ id: string }>('POST', `/webhooks/${id}/invoke`, { payload: {} })
    await api('POST', `/webhooks/${id}/invoke`, { payload: {}, dry_run: true })
    await api('POST', `/deliveries/${body.id}/retry`, { accept_repeat: true })
    await api('GET', `/deliveries/${body.id}`)
    await api('PATCH', `/webhooks/${id}`, { headers: [{ name: 'x-key', value: secrets.new_value }] })
    await api('PATCH', `/webhooks/${id}`, { endpoint_url: 'http://127.0.0.1:9/' })
    const changed = await service.api('POST', `/webhooks/${id}/rotate-signing-secret`, {
      signing_secret: rotated,
    })
    seen.push(changed.text.replaceAll(rotated, ''))
    await api('POST', `/webhooks/${id}/test`, {})
  }
  // Bad requests with a secret in them.
  for (const secret of [secrets.header, secrets.token]) {
    const broken = { ...base, headers: [{ name: 'x-key', value: `${secret}\r\n` }] }
    await api('POST', '/webhooks', broken)
    await api('POST', '/webhooks', { ...base, headers: [{ name: `x-key: ${secret}`, value: 'v' }] })
    await api('POST', '/webhooks/test', {
      webhook: { ...broken, authentication: { type: 'bearer', token: `${secret} x` } },
    })
  }
  await api('GET', '/webhooks')
  await api('GET', '/deliveries?limit=200')
  await api('POST', '/secrets/rotate')
  const made = await service.api<{ id: string; key: string }>('POST', '/api-keys', {
    name: 'K',
    role: 'admin',
  })
  const scim = await service.api<{ id: string; token: string }>('POST', '/scim-tokens', { name: 'S' })
  await api('DELETE', `/api-keys/${made.body.id}`)
  await api('GET', '/webhooks', undefined, { key: made.body.key })
  const events = await api('GET', '/events?limit=200')
  expect(events.text).toContain('secrets_changed')
  await api('GET', '/events/export')
  await api('GET', '/notices?limit=200')
  const metrics = await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${testKey}` } })
  const metricsText = await metrics.text()
  expect(metricsText).toContain('keyhook_')
  seen.push(metricsText)
  for (const page of [
    '/',
    '/webhooks',
    '/docs',
    '/api/openapi.json',
    '/healthz',
    '/readyz',
    '/.well-known/keyhook-keys.json',
  ]) {
    seen.push(await (await fetch(service.url + page)).text())
  }

  const { rows: tables } = await sql<{
    name: string
  }>`select table_name as name from information_schema.tables
    where table_schema = 'public'`.execute(service.ctx.db)
  expect(tables.length).toBeGreaterThan(10)
  const dump: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql<{ line: string }>`select t::text as line from ${sql.table(name)} t`.execute(
      service.ctx.db,
    )
    dump.push(...rows.map((row) => row.line))
  }
  expect(dump.join('\n')).toContain('Ada')
  expect(logged.length).toBeGreaterThan(10)

  expect(logged.join('')).not.toContain(callbackToken)
  expect(metricsText).not.toContain(callbackToken)

  const signingKey = (text: string) => text.replace('whsec_', '')
  const needles = new Map<string, string[]>([
    ...Object.entries(secrets).map(([kind, secret]): [string, string[]] => [
      kind,
      [heart(secret), ...formsOf(secret.replace('Bearer ', ''))],
    ]),
    ['basic', [Buffer.from(`ada:${secrets.password}`).toString('base64')]],
    [
      'signing',
      [
        signingKey(signing),
        ...formsOf(Buffer.from(signingKey(signing), 'base64').toString('latin1')).slice(0, 1),
        Buffer.from(signingKey(signing), 'base64').toString('hex'),
      ],
    ],
    ['rotated', [signingKey(rotated), Buffer.from(signingKey(rotated), 'base64').toString('hex')]],
    ['oauth key', [oauthKey.split('\n')[1] ?? '']],
    ['client key', [tlsFile('receiver.key').split('\n')[1] ?? '']],
    ['api key', formsOf(testKey)],
    ['made key', formsOf(made.body.key)],
    ['team chat', formsOf(chats.team)],
    ['own chat', formsOf(chats.own)],
    ['invitation', formsOf(invitation)],
    ['set-up token', formsOf(setup.hash.replace('#token=', ''))],
    [
      'SMTP password',
      [...formsOf(smtpPassword), Buffer.from(`\0keyhook\0${smtpPassword}`).toString('base64')],
    ],
    ['SCIM token', formsOf(scim.body.token)],
  ])
  const places = { answers: seen.join('\n'), log: logged.join('\n'), dump: dump.join('\n') }
  const found: string[] = []
  for (const [kind, forms] of needles) {
    for (const [place, text] of Object.entries(places)) {
      for (const form of forms) {
        const at = text.indexOf(form)
        if (at !== -1) found.push(`${kind} in ${place}: …${text.slice(Math.max(0, at - 80), at)}`)
      }
    }
  }
  expect(found).toEqual([])

  if (service.ctx.databaseKind === 'pglite') {
    // The very files, with the write-ahead log and what was deleted.
    const files = readdirSync(path.join(service.dataDir, 'pglite'), { recursive: true, withFileTypes: true })
    for (const file of files.filter((entry) => entry.isFile())) {
      const bytes = readFileSync(path.join(file.parentPath, file.name))
      for (const [kind, forms] of needles) {
        for (const form of forms) if (bytes.includes(form)) found.push(`${kind} in ${file.name}`)
      }
    }
    expect(found).toEqual([])
  }
  await receiver.close()
})
