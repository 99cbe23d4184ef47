import { readOutcome } from '@keyhook/contract/read-outcome.ts'
import { sign } from '@keyhook/contract/signature.ts'
import { type WebhookType, webhookTypes } from '@keyhook/contract/webhook-type.ts'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createEgress } from '../../src/egress/egress.ts'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { behaviours } from '../../src/sandbox/behaviour.ts'
import { startSandbox } from '../../src/sandbox/sandbox-receiver.ts'

const key = Buffer.alloc(32, 1)
const otherKey = Buffer.alloc(32, 2)
const sandbox = await startSandbox({
  host: '127.0.0.1',
  port: 0,
  signingSecretsOf: (id) => (id === 'dlv_1' ? [key] : null),
  clock: systemClock,
})
const egress = createEgress({ allowHttp: true, allow: parseEgressAllow('127.0.0.1') })
const body = Buffer.from('{"permissions":[]}')
const now = () => Math.floor(Date.now() / 1000)

beforeEach(() => sandbox.clear())
afterAll(async () => {
  await egress.close()
  await sandbox.close()
})

/** Sends as Keyhook does, and reads the answer as Keyhook does: the decision or the failure reason. */
async function outcomeOf(behaviour: string, type: WebhookType): Promise<boolean | null | string> {
  const { answer, failure } = await egress.exchange({
    url: `${sandbox.url}/${behaviour}`,
    headers: [
      ['content-type', 'application/json'],
      ['keyhook-webhook-type', type],
    ],
    body,
    timeLimitMs: behaviour === 'hang' || behaviour === 'slow' ? 1_000 : 10_000,
  })
  if (failure) return failure.reason
  if (!answer) throw new Error('neither an answer nor a failure')
  const outcome = readOutcome(type, answer)
  return outcome.status === 'succeeded' ? outcome.decision : outcome.failure_reason
}

describe('what each behaviour leads to', () => {
  // In the order of webhookTypes: request_validation, pre_approval, provisioning, deprovisioning, siem.
  const table: Record<string, readonly (boolean | null | string)[]> = {
    right: [true, true, true, true, null],
    false: [false, false, false, false, null],
    output: [true, true, true, true, null],
    text: [true, true, true, true, null],
    'no-content': ['missing_response', 'missing_response', true, true, null],
    'wrong-json': ['missing_response', 'missing_response', 'missing_response', 'missing_response', null],
    number: ['invalid_response', 'invalid_response', 'invalid_response', 'invalid_response', null],
    'broken-json': ['invalid_json', 'invalid_json', 'invalid_json', 'invalid_json', null],
    html: ['invalid_json', 'invalid_json', 'invalid_json', 'invalid_json', null],
    'server-error': ['http_status', 'http_status', 'http_status', 'http_status', 'http_status'],
    slow: ['timeout', 'timeout', 'timeout', 'timeout', 'timeout'],
    hang: ['timeout', 'timeout', 'timeout', 'timeout', 'timeout'],
    redirect: ['redirect', 'redirect', 'redirect', 'redirect', 'redirect'],
    drop: ['connection', 'connection', 'connection', 'connection', 'connection'],
  }

  test('every behaviour is in the table', () => {
    expect(behaviours.map(({ id }) => id)).toEqual(Object.keys(table))
  })

  test.each(Object.entries(table))('%s', async (id, expected) => {
    const outcomes = await Promise.all(webhookTypes.map((type) => outcomeOf(id, type)))
    expect(outcomes).toEqual(expected)
  })

  test.each(
    behaviours.flatMap(({ id, description }) => {
      const promised = /[Ff]ails? with `(\w+)`/.exec(description)?.[1]
      return promised ? [[id, promised] as const] : []
    }),
  )('%s fails with %s, as its description says', async (id, promised) => {
    expect(await outcomeOf(id, 'pre_approval')).toBe(promised)
  })

  test('slow gives the right answer of the type', () => {
    const slow = behaviours.find(({ id }) => id === 'slow')
    expect(slow?.answer('provisioning')).toEqual({ do: 'answer', status: 204, afterMs: 5_000 })
    expect(slow?.answer('pre_approval')).toMatchObject({ status: 200, afterMs: 5_000 })
  })
})

describe('what is remembered', () => {
  const signed = (keys: readonly Uint8Array[], id: string, at = now()) => ({
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': sign({ secrets: keys, privateKeys: [] }, id, at, body),
  })
  const send = (headers: Record<string, string>, path = '/right') =>
    fetch(`${sandbox.url}${path}`, { method: 'POST', headers, body })

  test('the request as it came and what was answered', async () => {
    await send({ 'keyhook-webhook-type': 'provisioning', ...signed([key], 'dlv_1') })
    expect(sandbox.requests()).toEqual([
      {
        id: expect.stringMatching(/^sbx_/),
        received_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        behaviour: 'right',
        webhook_type: 'provisioning',
        delivery_id: 'dlv_1',
        signature: 'valid',
        headers: expect.arrayContaining([{ name: 'keyhook-webhook-type', value: 'provisioning' }]),
        body: '{"permissions":[]}',
        answered: '204',
      },
    ])
  })

  test.each([
    ['valid', 'by the secret of the delivery', signed([key], 'dlv_1')],
    ['valid', 'by one of several', signed([otherKey, key], 'dlv_1')],
    ['invalid', 'by another secret', signed([otherKey], 'dlv_1')],
    ['invalid', 'too long ago', signed([key], 'dlv_1', now() - 3_600)],
    ['missing', 'not at all', {}],
    ['unknown_sender', 'for a delivery that is not in flight', signed([key], 'dlv_2')],
  ])('signature: %s when it was signed %s', async (expected, _how, headers) => {
    await send(headers)
    expect(sandbox.requests()[0]?.signature).toBe(expected)
  })

  test('the last 50, the newest first', async () => {
    for (let number = 1; number <= 55; number++) await send({ 'webhook-id': `dlv_${number}` })
    const ids = sandbox.requests().map((request) => request.delivery_id)
    expect(ids).toEqual(Array.from({ length: 50 }, (_, index) => `dlv_${55 - index}`))
    sandbox.clear()
    expect(sandbox.requests()).toEqual([])
  })

  test('values of headers that a webhook can set are masked, and so is the query', async () => {
    await send(
      {
        authorization: 'Bearer canary-1',
        'x-api-key': 'canary-2',
        accept: 'canary-3',
        'content-language': 'canary-4',
        cookie: 'canary-5',
      },
      '/right?token=canary-6',
    )
    const text = JSON.stringify(sandbox.requests())
    expect(text).not.toContain('canary')
    expect(sandbox.requests()[0]?.headers).toContainEqual({ name: 'x-api-key', value: '••••••' })
    expect(sandbox.requests()[0]?.behaviour).toBe('right')
  })

  test('a long body is cut, and says so', async () => {
    const long = `{"x":"${'é'.repeat(50_000)}"}`
    await fetch(`${sandbox.url}/right`, { method: 'POST', body: long })
    const shown = sandbox.requests()[0]?.body ?? ''
    expect(shown).toMatch(/^\{"x":"é+… \(65536 of 100008 bytes\)$/)
  })
})

describe('the server', () => {
  test('other paths and methods are refused and remembered', async () => {
    const unknown = await fetch(`${sandbox.url}/wrong-path`, { method: 'POST', body })
    const read = await fetch(`${sandbox.url}/right`)
    expect([unknown.status, read.status, read.headers.get('allow')]).toEqual([404, 405, 'POST'])
    expect(sandbox.requests().map((request) => request.behaviour)).toEqual(['right', '/wrong-path'])
  })

  test('a body larger than any payload is cut off', async () => {
    const sent = fetch(`${sandbox.url}/right`, { method: 'POST', body: Buffer.alloc(3 * 1_048_576) })
    await expect(sent).rejects.toThrow()
    expect(sandbox.requests()).toEqual([])
  })

  test.each([
    ['busy', Number(new URL(sandbox.url).port)],
    ['impossible', 65_536],
  ])('another port is taken when the wanted one is %s', async (_why, port) => {
    const second = await startSandbox({
      host: '127.0.0.1',
      port,
      signingSecretsOf: () => null,
      clock: systemClock,
    })
    onTestFinished(() => second.close())
    expect((await fetch(`${second.url}/right`, { method: 'POST', body })).status).toBe(200)
    expect(second.url).not.toBe(sandbox.url)
  })

  test('stops while a request waits for its answer', async () => {
    const second = await startSandbox({
      host: '127.0.0.1',
      port: 0,
      signingSecretsOf: () => null,
      clock: systemClock,
    })
    const waiting = fetch(`${second.url}/hang`, { method: 'POST', body })
    const ended = expect(waiting).rejects.toThrow()
    await expect.poll(() => second.requests().length).toBe(1)
    await second.close()
    await ended
  })
})
