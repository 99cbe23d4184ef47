import { describe, expect, test } from 'vitest'
import { examplePayload } from '../src/example-payload.ts'
import { parseJsonExactly } from '../src/json.ts'
import { payloadSchemas } from '../src/payload.ts'
import { addEnvelope, type PayloadEnvelope, payloadEnvelope } from '../src/payload-envelope.ts'
import { requestMetadataKeys } from '../src/siem-payload.ts'
import { webhookTypes } from '../src/webhook-type.ts'

const published = [
  'application',
  'permissions',
  'target_user',
  'access_length',
  'request_comment',
  'request_task_url',
  'custom_fields',
]

describe('the example payload', () => {
  test.each(webhookTypes)('of %s satisfies its schema and survives JSON', (type) => {
    const example = examplePayload(type)
    expect(payloadSchemas[type].parse(example)).toEqual(example)
    expect(JSON.parse(JSON.stringify(example))).toEqual(example)
  })

  test.each(['request_validation', 'pre_approval', 'provisioning'] as const)(
    'of %s has every member',
    (type) => {
      expect(Object.keys(examplePayload(type))).toEqual([
        ...published,
        'access_request',
        'requester',
        'callback_url',
      ])
    },
  )

  test('of deprovisioning has one grant for each permission, and a reason', () => {
    const example = payloadSchemas.deprovisioning.parse(examplePayload('deprovisioning'))
    expect(example.grants?.map((grant) => grant.permission_value)).toEqual(
      example.permissions.map((permission) => permission.value),
    )
    expect(example.reason).toBe('expired')
  })

  test('of siem is one event with its whole metadata', () => {
    const { event } = payloadSchemas.siem.parse(examplePayload('siem'))
    expect(Object.keys(examplePayload('siem'))).toEqual(['event'])
    expect(Object.keys(event.event_metadata)).toEqual([...requestMetadataKeys])
    expect(event.event_hash).toHaveLength(128)
  })

  test('is a new object each time', () => {
    for (const type of webhookTypes) {
      const first = examplePayload(type)
      for (const value of Object.values(first))
        if (typeof value === 'object' && value) Object.assign(value, { x: 1 })
      expect(JSON.stringify(examplePayload(type))).not.toContain('"x":1')
    }
  })
})

describe('the payload schemas', () => {
  const example = examplePayload('provisioning')

  test('keep members that they do not know', () => {
    const more = {
      ...example,
      department: 'Finance',
      application: { ...(example.application as object), tier: 1 },
    }
    expect(payloadSchemas.provisioning.parse(more)).toEqual(more)
  })

  test.each(published)('need %s', (member) => {
    const { [member]: _, ...rest } = example
    expect(payloadSchemas.provisioning.safeParse(rest).success).toBe(false)
  })

  test.each([
    [
      'an unknown permission source',
      { permissions: [{ label: 'a', value: 'a', type: 'PERMISSION', source: 'OTHER' }] },
    ],
    ['an access length in days', { access_length: '30d' }],
    ['a negative access length', { access_length: -1 }],
    ['a list of custom fields', { custom_fields: [] }],
  ])('refuse %s', (_what, change) => {
    expect(payloadSchemas.provisioning.safeParse({ ...example, ...change }).success).toBe(false)
  })

  test('take an access without end and an app without intake fields', () => {
    const open = { ...example, access_length: null, custom_fields: null }
    expect(payloadSchemas.provisioning.safeParse(open).success).toBe(true)
  })
})

describe('addEnvelope', () => {
  const envelope: PayloadEnvelope = {
    webhook_type: 'pre_approval',
    delivery_id: 'dlv_1',
    test: false,
    sent_at: '2026-07-18T09:24:31.000Z',
  }
  const invoke = { overrideTest: false }

  test('adds its four members to what the caller sent', () => {
    expect(addEnvelope({ a: 1 }, envelope, invoke)).toEqual({ a: 1, ...envelope })
    const sent = addEnvelope(examplePayload('pre_approval'), envelope, invoke)
    expect(payloadEnvelope.safeParse(sent).success).toBe(true)
    expect(payloadSchemas.pre_approval.safeParse(sent).success).toBe(true)
  })

  test('keeps members of those names that the caller set, whatever they are', () => {
    const own = { webhook_type: null, delivery_id: 7, test: 'x', sent_at: false }
    expect(addEnvelope(own, envelope, invoke)).toEqual(own)
  })

  test('a test has `test`, id and time of its own, and no address for late answers of another delivery', () => {
    const own = { test: false, delivery_id: 'dlv_0', sent_at: 'then', webhook_type: 'x', a: 1 }
    const marked = { ...envelope, test: true }
    const sent = { ...marked, webhook_type: 'x', a: 1 }
    expect(addEnvelope(own, marked, { overrideTest: true })).toEqual(sent)
    const callback = { ...own, callback_url: 'https://keyhook.example.com/api/v1/callbacks/cbk_1' }
    expect(addEnvelope(callback, marked, { overrideTest: true })).toEqual({ ...sent, callback_url: null })
  })

  test('leaves a siem payload in its published shape, but for `test: true` on tests', () => {
    const siem = { ...envelope, webhook_type: 'siem' as const }
    expect(addEnvelope({ event: {} }, siem, invoke)).toEqual({ event: {} })
    const sent = addEnvelope({ event: {}, test: false }, { ...siem, test: true }, { overrideTest: true })
    expect(sent).toEqual({ event: {}, test: true })
  })

  test('makes a new object', () => {
    const given = Object.freeze({ test: false })
    expect(addEnvelope(given, { ...envelope, test: true }, { overrideTest: true })).not.toBe(given)
  })

  test('keeps an own `__proto__` as data and numbers as they were written', () => {
    const text =
      '{"__proto__":{"test":true,"delivery_id":"x"},"n":9007199254740993,"e":1e400,"deep":[{"z":-0}]}'
    const read = parseJsonExactly(Buffer.from(text))
    const payload = (read.ok ? read.value : {}) as Record<string, unknown>
    const sent = addEnvelope(payload, envelope, invoke)
    expect(Object.getPrototypeOf(sent)).toBe(Object.prototype)
    expect(JSON.stringify(sent)).toBe(
      `${text.slice(0, -1)},"webhook_type":"pre_approval","delivery_id":"dlv_1","test":false,"sent_at":"2026-07-18T09:24:31.000Z"}`,
    )
  })
})
