/** Changing the endpoint authentication of a saved webhook over the API, and what the receiver gets afterwards. */
import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { describe, expect, test } from 'vitest'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service, receiver } = serviceWithReceiver()

type Answered = WebhookCreated & Pick<Problem, 'errors'>
const create = async (authentication: unknown, more: object = {}) => {
  const made = await service.api<Answered>('POST', '/webhooks', {
    type: 'provisioning',
    name: 'W',
    endpoint_url: receiver.url,
    authentication,
    ...more,
  })
  expect(made.status, made.text).toBe(201)
  return made
}
const patch = (id: string, body: object) => service.api<Answered>('PATCH', `/webhooks/${id}`, body)
const invoke = (id: string) => service.api<DeliveryRead>('POST', `/webhooks/${id}/invoke`, { payload: {} })
const pointers = ({ body }: { body: Answered }) => body.errors.map(({ pointer }) => pointer)
const elsewhere = 'http://127.0.0.1:9/'

const basicOf = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`
const aws = {
  type: 'aws_signature_v4',
  region: 'eu-central-1',
  service: 'lambda',
  access_key_id: 'AKIAIOSFODNN7EXAMPLE',
}

/** `open`: without the secret. `header`: what carries it, `value`: exactly, where that can be told beforehand. */
const kinds = [
  {
    open: { type: 'header', name: 'X-Api-Key' },
    secret: { value: 'first-secret-0123' },
    other: { value: 'other-secret-4567' },
    header: 'x-api-key',
    value: 'first-secret-0123',
    otherValue: 'other-secret-4567',
  },
  {
    open: { type: 'basic', username: 'ada' },
    secret: { password: 'first-secret-0123' },
    other: { password: 'other-secret-4567' },
    header: 'authorization',
    value: basicOf('ada:first-secret-0123'),
    otherValue: basicOf('ada:other-secret-4567'),
  },
  {
    open: { type: 'bearer' },
    secret: { token: 'first-secret-0123' },
    other: { token: 'other-secret-4567' },
    header: 'authorization',
    value: 'Bearer first-secret-0123',
    otherValue: 'Bearer other-secret-4567',
  },
  {
    open: aws,
    secret: { secret_access_key: 'first-secret-0123' },
    other: { secret_access_key: 'other-secret-4567' },
    header: 'authorization',
    value: expect.stringMatching(/^AWS4-HMAC-SHA256 /),
    otherValue: expect.stringMatching(/^AWS4-HMAC-SHA256 /),
  },
]

describe.each(kinds)('$open.type', ({ open, secret, other, header, value, otherValue }) => {
  const [member = ''] = Object.keys(secret)
  const pointer = `/authentication/${member}`

  test('the receiver gets it in its header alone, and the stored attempt has it masked', async () => {
    const { body } = await create({ ...open, ...secret })
    const invoked = await invoke(body.id)
    const headers = receiver.received[0]?.headers ?? {}
    expect(headers[header]).toEqual(value)
    const others = Object.entries(headers).filter(([name]) => name !== header)
    expect(JSON.stringify(others)).not.toContain('first-secret')
    const read = await service.api<DeliveryRead>('GET', `/deliveries/${invoked.body.id}`)
    const shown = read.body.attempts[0]?.request.headers.filter(({ name }) => name.toLowerCase() === header)
    expect(shown).toMatchObject([{ value: '••••••' }])
  })

  test('a secret that is left out stays: with nothing said, with the rest said, on another path', async () => {
    const { body } = await create({ ...open, ...secret })
    for (const change of [
      { name: 'V' },
      { authentication: open },
      { endpoint_url: `${receiver.url}/other`, authentication: open },
    ]) {
      const changed = await patch(body.id, change)
      expect(changed.status, changed.text).toBe(200)
      expect(changed.body.authentication).toMatchObject({ ...open, [member]: { is_set: true } })
      await invoke(body.id)
      expect(receiver.received.at(-1)?.headers[header]).toEqual(value)
    }
  })

  test('a new secret takes the place of the old one', async () => {
    const { body } = await create({ ...open, ...secret })
    await invoke(body.id)
    await patch(body.id, { authentication: { ...open, ...other } })
    await invoke(body.id)
    expect(receiver.received.at(-1)?.headers[header]).toEqual(otherValue)
  })

  test('another origin asks for it again, and nothing is changed', async () => {
    const { body } = await create({ ...open, ...secret })
    for (const change of [
      { endpoint_url: elsewhere },
      { endpoint_url: elsewhere, authentication: open },
      { endpoint_url: receiver.url.replace('http:', 'https:') },
    ]) {
      const refused = await patch(body.id, change)
      expect({ status: refused.status, at: pointers(refused) }).toEqual({ status: 422, at: [pointer] })
      expect(refused.body.errors[0]?.detail).toContain('another server')
    }
    await invoke(body.id)
    expect(receiver.received.at(-1)?.headers[header]).toEqual(value)
    const moved = await patch(body.id, { endpoint_url: elsewhere, authentication: { ...open, ...other } })
    expect(moved.status, moved.text).toBe(200)
  })

  test('a test of an edited webhook does not carry the stored secret to another origin', async () => {
    const { body } = await create({ ...open, ...secret })
    for (const authentication of [undefined, open]) {
      const refused = await service.api<Answered>('POST', '/webhooks/test', {
        webhook: { type: 'provisioning', name: 'W', endpoint_url: elsewhere, authentication },
        webhook_id: body.id,
      })
      expect(pointers(refused)).toEqual([`/webhook${pointer}`])
    }
  })

  test('another kind asks for its own secret', async () => {
    const { body } = await create({ ...open, ...secret })
    for (const next of kinds.filter((kind) => kind.open.type !== open.type)) {
      const refused = await patch(body.id, { authentication: next.open })
      expect(refused.status).toBe(422)
      expect(pointers(refused)).toEqual(Object.keys(next.secret).map((name) => `/authentication/${name}`))
    }
  })

  test.each(['', '••••••', '********', null, 5, { is_set: true }])('%j is no secret', async (wrong) => {
    const { body } = await create({ ...open, ...secret })
    const refused = await patch(body.id, { authentication: { ...open, [member]: wrong } })
    expect({ status: refused.status, at: pointers(refused) }).toEqual({ status: 422, at: [pointer] })
    await invoke(body.id)
    expect(receiver.received.at(-1)?.headers[header]).toEqual(value)
  })

  test('null takes it away: the header is gone', async () => {
    const { body } = await create({ ...open, ...secret })
    const cleared = await patch(body.id, { authentication: null })
    expect(cleared.body.authentication).toEqual({ type: 'none' })
    await invoke(body.id)
    expect(receiver.received[0]?.headers).not.toHaveProperty(header)
    // Nor is it kept for later.
    expect(pointers(await patch(body.id, { authentication: open }))).toEqual([pointer])
  })

  test('its secret is in no answer of the API', async () => {
    const made = await create({ ...open, ...secret })
    const { id } = made.body
    const invoked = await invoke(id)
    const answers = [
      made,
      invoked,
      await patch(id, { name: 'V' }),
      await patch(id, { authentication: { ...open, ...secret, extra: 1 } }),
      await service.api('GET', `/webhooks/${id}`),
      await service.api('GET', '/webhooks'),
      await service.api('GET', '/deliveries'),
      await service.api('GET', `/deliveries/${invoked.body.id}`),
    ]
    const sent = String(receiver.received[0]?.headers[header])
    for (const { text } of answers) {
      expect(text).not.toContain('first-secret-0123')
      expect(text).not.toContain(sent)
    }
  })
})

describe('a custom header that the authentication sets', () => {
  const bearer = { type: 'bearer', token: 'first-secret-0123' }
  const headers = [
    { name: 'x-a', value: '1' },
    { name: 'Authorization', value: 'Custom mine-0123' },
  ]

  test('is refused when either is added to the other, at the header', async () => {
    const withHeader = await create({ type: 'none' }, { headers })
    const added = await patch(withHeader.body.id, { authentication: bearer })
    expect({ status: added.status, at: pointers(added) }).toEqual({ status: 422, at: ['/headers/1/name'] })

    const withToken = await create(bearer)
    const named = await patch(withToken.body.id, { headers })
    expect({ status: named.status, at: pointers(named) }).toEqual({ status: 422, at: ['/headers/1/name'] })
  })

  test('may be there once the authentication is not', async () => {
    const { body } = await create(bearer)
    const changed = await patch(body.id, { authentication: null, headers })
    expect(changed.status, changed.text).toBe(200)
    await invoke(body.id)
    expect(receiver.received[0]?.headers.authorization).toBe('Custom mine-0123')
  })
})

test('an API key keeps its value when its header is renamed', async () => {
  const { body } = await create({ type: 'header', name: 'X-Api-Key', value: 'first-secret-0123' })
  await patch(body.id, { authentication: { type: 'header', name: 'X-Other' } })
  await invoke(body.id)
  const headers = receiver.received[0]?.headers ?? {}
  expect({ old: headers['x-api-key'], renamed: headers['x-other'] }).toEqual({
    old: undefined,
    renamed: 'first-secret-0123',
  })
})

test('an AWS session token stays, is replaced, and is taken away by null', async () => {
  const { body } = await create({
    ...aws,
    secret_access_key: 'first-secret-0123',
    session_token: 'session-0123',
  })
  const sentWith = async (authentication: object) => {
    const changed = await patch(body.id, { authentication })
    expect(changed.status, changed.text).toBe(200)
    const delivery = await invoke(body.id)
    expect(delivery.text).not.toMatch(/session-\d+/)
    return receiver.received.at(-1)?.headers['x-amz-security-token']
  }
  expect(await sentWith(aws)).toBe('session-0123')
  expect(await sentWith({ ...aws, session_token: 'session-4567' })).toBe('session-4567')
  expect(await sentWith({ ...aws, session_token: null })).toBeUndefined()
  expect(await sentWith(aws)).toBeUndefined()
})
