import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { WebhookCreated, WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { webhookTypes } from '@keyhook/contract/webhook-type.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const minimal = { type: 'pre_approval', name: 'Check HR', endpoint_url: 'http://127.0.0.1:9/hook' }
const create = (more: object = {}) =>
  service.api<WebhookCreated>('POST', '/webhooks', { ...minimal, ...more })
const pointers = (body: unknown) => (body as Problem).errors.map((error) => error.pointer)

describe('create', () => {
  test.each(webhookTypes)('makes a %s webhook and shows its signing secret once', async (type) => {
    const made = await create({
      type,
      description: 'What for',
      headers: [{ name: 'X-Api-Key', value: 'plain-secret' }],
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      type,
      name: 'Check HR',
      description: 'What for',
      endpoint_url: 'http://127.0.0.1:9/hook',
      headers: [{ name: 'X-Api-Key', is_set: true }],
      time_limit_ms: 15_000,
      enabled: true,
      recent_deliveries: [],
    })
    expect(made.body.id).toMatch(/^wh_[0-9a-f]{32}$/)
    expect(made.body.signing_secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(made.headers.get('etag')).toBe('"1"')
    expect(made.headers.get('location')).toBe(`/api/v1/webhooks/${made.body.id}`)
    const read = await service.api('GET', `/webhooks/${made.body.id}`)
    expect(read.text).not.toContain('whsec_')
    expect(read.text).not.toContain('plain-secret')
  })

  test('takes a signing secret that the receiver knows already', async () => {
    const signing_secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    const made = await create({ signing_secret })
    expect(made.body.signing_secret).toBe(signing_secret)
  })

  test('keeps secrets sealed in the database', async () => {
    const made = await create({ headers: [{ name: 'X-Key', value: 'canary-3f9a' }] })
    const { rows } = await sql<{
      row: string
    }>`select w::text as row from webhooks w where id = ${made.body.id}`.execute(service.ctx.db)
    const row = rows[0]?.row ?? ''
    for (const form of ['utf8', 'base64', 'hex'] as const) {
      expect(row).not.toContain(Buffer.from('canary-3f9a').toString(form))
      expect(row).not.toContain(Buffer.from(made.body.signing_secret.slice(6), 'base64').toString(form))
    }
  })

  test('refuses an endpoint URL that leads to Keyhook itself, though loopback is open', async () => {
    const made = await create({ endpoint_url: `${service.url}/healthz` })
    expect([made.status, pointers(made.body)]).toEqual([422, ['/endpoint_url']])
    expect(made.text).toContain('Keyhook itself')
  })

  test.each<[string, object, string]>([
    ['a type that does not exist', { type: 'approval' }, '/type'],
    ['an empty name', { name: '  ' }, '/name'],
    ['a name of 101 characters', { name: 'x'.repeat(101) }, '/name'],
    ['a NUL in the name', { name: 'a\u0000b' }, '/name'],
    ['a lone surrogate in the name', { name: 'a\ud800b' }, '/name'],
    ['a direction override in the name', { name: 'a\u202eb' }, '/name'],
    ['a name that is a number', { name: 5 }, '/name'],
    ['no name', { name: undefined }, '/name'],
    ['a control character in the description', { description: 'a\u0007' }, '/description'],
    ['a description of 2,001 characters', { description: 'x'.repeat(2_001) }, '/description'],
    ['an endpoint URL that is none', { endpoint_url: 'example' }, '/endpoint_url'],
    ['an endpoint URL of another scheme', { endpoint_url: 'ftp://127.0.0.1/x' }, '/endpoint_url'],
    ['a private endpoint URL', { endpoint_url: 'https://10.0.0.8/x' }, '/endpoint_url'],
    ['a metadata endpoint URL', { endpoint_url: 'http://169.254.169.254/latest' }, '/endpoint_url'],
    ['credentials in the endpoint URL', { endpoint_url: 'http://a:b@127.0.0.1/x' }, '/endpoint_url'],
    ['a time limit below a second', { time_limit_ms: 999 }, '/time_limit_ms'],
    ['a time limit above a minute', { time_limit_ms: 60_001 }, '/time_limit_ms'],
    ['a time limit with a fraction', { time_limit_ms: 1500.5 }, '/time_limit_ms'],
    ['enabled as text', { enabled: 'yes' }, '/enabled'],
    ['a header without a value', { headers: [{ name: 'X-A' }] }, '/headers/0/value'],
    ['a header name with a space', { headers: [{ name: 'X A', value: 'b' }] }, '/headers/0/name'],
    [
      'a header that frames the message',
      { headers: [{ name: 'Content-Length', value: '3' }] },
      '/headers/0/name',
    ],
    ['a header of ours', { headers: [{ name: 'Webhook-Id', value: '3' }] }, '/headers/0/name'],
    [
      'a line break in a header value',
      { headers: [{ name: 'X-A', value: 'b\r\nX-B: c' }] },
      '/headers/0/value',
    ],
    [
      'the same header twice',
      {
        headers: [
          { name: 'X-A', value: 'b' },
          { name: 'x-a', value: 'c' },
        ],
      },
      '/headers/1/name',
    ],
    [
      '51 headers',
      { headers: Array.from({ length: 51 }, (_, i) => ({ name: `X-${i}`, value: 'v' })) },
      '/headers',
    ],
    ['a signing secret that is too short', { signing_secret: 'whsec_AAAA' }, '/signing_secret'],
    ['a member that does not exist', { colour: 'red' }, '/colour'],
    [
      'a member of a header that does not exist',
      { headers: [{ name: 'X-A', value: 'b', secret: true }] },
      '/headers/0/secret',
    ],
  ])('refuses %s and says where', async (_what, more, pointer) => {
    const before = await service.api<{ data: unknown[] }>('GET', '/webhooks?limit=200')
    const refused = await create(more)
    expect(refused.status).toBe(422)
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(refused.body).toMatchObject({
      code: 'validation_failed',
      status: 422,
      type: expect.stringContaining('/docs/errors#validation_failed'),
    })
    expect(pointers(refused.body)).toContain(pointer)
    const after = await service.api<{ data: unknown[] }>('GET', '/webhooks?limit=200')
    expect(after.body.data.length).toBe(before.body.data.length)
  })

  test('never repeats a header value that it refuses', async () => {
    const refused = await create({ headers: [{ name: 'X-A', value: 'very\nsecret' }] })
    expect(refused.text).not.toContain('secret')
    expect(refused.status).toBe(422)
  })

  test.each<[string, Parameters<TestService['api']>[3], number, string]>([
    ['broken JSON', { raw: '{"type":' }, 400, 'invalid_json'],
    ['bytes that are not UTF-8', { raw: new Uint8Array([0x7b, 0xff, 0x7d]) }, 400, 'invalid_json'],
    ['an empty body', { raw: '' }, 400, 'invalid_json'],
    ['nesting deeper than 64', { raw: `{"name":${'['.repeat(100)}${']'.repeat(100)}}` }, 400, 'invalid_json'],
    ['a body over 1 MiB', { raw: JSON.stringify({ name: 'x'.repeat(1_048_576) }) }, 413, 'body_too_large'],
    [
      'another content type',
      { raw: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
    ],
    ['a list instead of an object', { raw: '[]' }, 422, 'validation_failed'],
    ['null', { raw: 'null' }, 422, 'validation_failed'],
  ])('answers %s with a problem', async (_what, options, status, code) => {
    const refused = await service.api('POST', '/webhooks', undefined, options)
    expect(refused.body).toMatchObject({ status, code })
    expect(refused.status).toBe(status)
  })

  test('needs a principal', async () => {
    const refused = await service.api('POST', '/webhooks', minimal, { key: null })
    expect(refused.status).toBe(401)
    expect(refused.body).toMatchObject({ code: 'unauthenticated' })
  })
})

describe('list', () => {
  test('pages through every webhook once, the newest first, also while new ones come', async () => {
    const type = 'siem'
    const made = []
    for (let i = 0; i < 5; i++) made.push((await create({ type, name: `S${i}` })).body.id)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { body: { data: WebhookRead[]; next_cursor: string | null } } = await service.api(
        'GET',
        `/webhooks?type=siem&limit=2${cursor && `&cursor=${cursor}`}`,
      )
      seen.push(...page.body.data.map((webhook) => webhook.id))
      cursor = page.body.next_cursor
      if (cursor) await create({ type, name: 'late' })
    }
    expect(seen).toEqual([...seen].sort().reverse())
    expect(new Set(seen).size).toBe(seen.length)
    for (const id of made) expect(seen).toContain(id)
  })

  test.each(['limit=0', 'limit=201', 'limit=x', 'type=email', 'cursor=abc', 'colour=red'])(
    'refuses ?%s',
    async (query) => {
      const refused = await service.api('GET', `/webhooks?${query}`)
      expect(refused.status).toBe(422)
      expect(pointers(refused.body)[0]).toBe(`/query/${query.split('=')[0]}`)
    },
  )
})

describe('get', () => {
  test.each(['wh_00000000000000000000000000000000', 'nonsense', "wh_'--"])(
    'answers 404 for %s',
    async (id) => {
      const missing = await service.api('GET', `/webhooks/${encodeURIComponent(id)}`)
      expect(missing.body).toMatchObject({ status: 404, code: 'not_found' })
    },
  )
})

describe('an address that cannot be read', () => {
  test.each(['/webhooks/%zz', `/webhooks/${'x'.repeat(300)}`])('%s is a problem', async (path) => {
    const refused = await service.api('GET', path)
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(refused.body).toMatchObject({ status: 400, code: 'invalid_request' })
  })
})

describe('change', () => {
  test('keeps what is absent and clears what is null', async () => {
    const made = await create({
      description: 'D',
      time_limit_ms: 3_000,
      headers: [{ name: 'X-A', value: 'one' }],
    })
    const renamed = await service.api<WebhookRead>('PATCH', `/webhooks/${made.body.id}`, { name: 'New' })
    expect(renamed.body).toMatchObject({
      name: 'New',
      description: 'D',
      time_limit_ms: 3_000,
      headers: [{ name: 'X-A', is_set: true }],
    })
    const cleared = await service.api<WebhookRead>('PATCH', `/webhooks/${made.body.id}`, {
      description: null,
      time_limit_ms: null,
      headers: null,
    })
    expect(cleared.body).toMatchObject({ name: 'New', description: null, time_limit_ms: 15_000, headers: [] })
    expect(cleared.headers.get('etag')).toBe('"3"')
  })

  test('takes merge patches under their own content type', async () => {
    const made = await create()
    const changed = await service.api(
      'PATCH',
      `/webhooks/${made.body.id}`,
      { enabled: false },
      {
        headers: { 'content-type': 'application/merge-patch+json' },
      },
    )
    expect(changed.body).toMatchObject({ enabled: false })
  })

  test.each<[string, object, string]>([
    ['a null name', { name: null }, '/name'],
    ['another type', { type: 'siem' }, '/type'],
    ['a null endpoint URL', { endpoint_url: null }, '/endpoint_url'],
    ['a signing secret', { signing_secret: 'whsec_x' }, '/signing_secret'],
    ['a new header without a value', { headers: [{ name: 'X-New' }] }, '/headers/0/value'],
    [
      'a delivery for each permission where there are none',
      { delivery_per_permission: true },
      '/delivery_per_permission',
    ],
  ])('refuses %s', async (_what, change, pointer) => {
    const made = await create()
    const refused = await service.api('PATCH', `/webhooks/${made.body.id}`, change)
    expect(refused.status).toBe(422)
    expect(pointers(refused.body)).toContain(pointer)
  })

  test('asks for the header values again when the origin changes', async () => {
    const made = await create({
      headers: [
        { name: 'X-A', value: 'one' },
        { name: 'X-B', value: 'two' },
      ],
    })
    const elsewhere = { endpoint_url: 'http://127.0.0.1:10/hook' }
    for (const change of [elsewhere, { ...elsewhere, headers: [{ name: 'X-A' }, { name: 'X-B' }] }]) {
      const refused = await service.api('PATCH', `/webhooks/${made.body.id}`, change)
      expect(refused.status).toBe(422)
      expect(pointers(refused.body)).toEqual(['/headers/0/value', '/headers/1/value'])
    }
    const samePlace = await service.api('PATCH', `/webhooks/${made.body.id}`, {
      endpoint_url: 'http://127.0.0.1:9/other',
    })
    expect(samePlace.status).toBe(200)
    const given = await service.api('PATCH', `/webhooks/${made.body.id}`, {
      ...elsewhere,
      headers: [{ name: 'X-A', value: 'new' }],
    })
    expect(given.body).toMatchObject({ ...elsewhere, headers: [{ name: 'X-A', is_set: true }] })
  })

  test('refuses a change of an older version', async () => {
    const made = await create()
    const change = (name: string) =>
      service.api('PATCH', `/webhooks/${made.body.id}`, { name }, { headers: { 'if-match': '"1"' } })
    expect((await change('First')).status).toBe(200)
    expect((await change('Second')).body).toMatchObject({ status: 412, code: 'precondition_failed' })
  })

  test('of two changes at once on one version, one wins and the other is told', async () => {
    const made = await create()
    const change = (name: string) =>
      service.api('PATCH', `/webhooks/${made.body.id}`, { name }, { headers: { 'if-match': '"1"' } })
    const statuses = (await Promise.all([change('A'), change('B'), change('C')]))
      .map((answer) => answer.status)
      .sort()
    expect(statuses).toEqual([200, 412, 412])
  })
})

describe('delete', () => {
  test('takes it away from everywhere and forgets its secrets', async () => {
    const made = await create({ headers: [{ name: 'X-A', value: 'one' }] })
    expect((await service.api('DELETE', `/webhooks/${made.body.id}`)).status).toBe(204)
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { name: 'x' }],
      ['DELETE', '', undefined],
      ['POST', '/test', {}],
      ['POST', '/invoke', { payload: {} }],
    ] as const) {
      expect((await service.api(method, `/webhooks/${made.body.id}${path}`, body)).status).toBe(404)
    }
    const row = await service.ctx.db
      .selectFrom('webhooks')
      .selectAll()
      .where('id', '=', made.body.id)
      .executeTakeFirstOrThrow()
    expect(row.headers).toEqual([])
    const keys = service.ctx.db.selectFrom('signing_keys').selectAll().where('webhook_id', '=', made.body.id)
    expect(await keys.execute()).toEqual([])
  })
})

test.each(['••••••', '******'])(
  'the mask %s as the value of a header would take its place, and is refused',
  async (value) => {
    const draft = minimal
    const made = await service.api<WebhookCreated>('POST', '/webhooks', {
      ...draft,
      headers: [{ name: 'x-key', value: 'the-value' }],
    })
    const headers = [{ name: 'x-key', value }]
    for (const answer of [
      await service.api<Problem>('POST', '/webhooks', { ...draft, headers }),
      await service.api<Problem>('PATCH', `/webhooks/${made.body.id}`, { headers }),
    ]) {
      expect(answer.status).toBe(422)
      expect(answer.body.errors).toMatchObject([
        { pointer: '/headers/0/value', detail: expect.stringMatching(/^This is the mask.*leave it out/) },
      ])
    }
  },
)
