import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { setupRequest } from '../src/api/access.ts'
import { deliveryListQuery } from '../src/api/delivery.ts'
import { speakPlainly } from '../src/api/error-text.ts'
import { webhookCreate } from '../src/api/webhook.ts'

const { customError } = z.config()
beforeAll(() => speakPlainly())
afterAll(() => void z.config({ customError }))

function messagesOf(schema: z.ZodType, value: unknown): string[] {
  return schema.safeParse(value).error?.issues.map(({ message }) => message) ?? []
}

describe('each finding is a sentence that says what would be right', () => {
  test.each<[string, z.ZodType, unknown, string]>([
    ['absent', z.object({ a: z.string() }), {}, 'Required.'],
    ['an absent choice', z.enum(['a', 'b']), undefined, 'Required. Must be one of a or b.'],
    ['an absent constant', z.literal(true), undefined, 'Required.'],
    ['a number for text', z.string(), 5, 'Must be text.'],
    ['null for text', z.string(), null, 'Must be text.'],
    ['text for a number', z.number(), 'x', 'Must be a number.'],
    ['no number', z.coerce.number(), 'abc', 'Must be a number.'],
    ['infinite', z.number(), Number.POSITIVE_INFINITY, 'Must be a number.'],
    ['a fraction', z.int(), 1.5, 'Must be a whole number.'],
    ['a fraction of a number', z.number().int(), 1.5, 'Must be a whole number.'],
    ['text for a switch', z.boolean(), 'yes', 'Must be true or false.'],
    ['an object for a list', z.array(z.string()), {}, 'Must be a list.'],
    ['a list for an object', z.object({}), [], 'Must be a JSON object.'],
    ['a list for a record', z.record(z.string(), z.string()), [], 'Must be a JSON object.'],
    ['something for null', z.null(), 1, 'Must be null.'],
    ['another choice', z.enum(['a', 'b', 'c']), 'd', 'Must be one of a, b or c.'],
    ['another constant', z.literal('a'), 'b', 'Must be a.'],
    ['empty text', z.string().min(1), '', 'Must not be empty.'],
    ['short text', z.string().min(12), 'x', 'At least 12 characters.'],
    ['long text', z.string().max(2_048), 'x'.repeat(2_049), 'At most 2,048 characters.'],
    ['text of two', z.string().max(1), 'xx', 'At most 1 character.'],
    ['a small number', z.number().min(1), 0, 'At least 1.'],
    ['a large number', z.number().max(1_000), 1_001, 'At most 1,000.'],
    ['a short list', z.array(z.number()).min(1), [], 'At least 1 item.'],
    ['a long list', z.array(z.number()).max(2), [1, 2, 3], 'At most 2 items.'],
    ['no multiple', z.number().multipleOf(5), 7, 'Must be a multiple of 5.'],
    ['no e-mail address', z.email(), 'x', 'Must be an e-mail address, for example ada@example.com.'],
    ['no URL', z.url(), 'x', 'Must be an address, for example https://hooks.example.com/keyhook.'],
    ['no time', z.iso.datetime(), 'x', 'Must be a time as in RFC 3339, for example 2026-01-31T09:30:00Z.'],
    ['another form', z.string().regex(/^a/), 'x', 'Must have another form.'],
    ['unknown members', z.strictObject({}), { a: 1, b: 2 }, 'There is no such member: a, b.'],
    [
      'none of several',
      z.union([z.string(), z.number()]),
      true,
      'Must be something else; see the API reference.',
    ],
  ])('%s', (_what, schema, value, message) => {
    expect(messagesOf(schema, value)).toEqual([message])
  })

  test("a schema's own words come first", () => {
    expect(messagesOf(z.string().min(3, 'Three letters at least'), 'x')).toEqual(['Three letters at least'])
  })

  test('the value that was given is never repeated', () => {
    const value = { password: 'canary', token: { canary: 1 }, name: ['canary'], email: 'canary' }
    expect(messagesOf(setupRequest, value).join()).not.toContain('canary')
  })
})

test.each<[string, z.ZodType, unknown]>([
  ['nothing', webhookCreate, {}],
  [
    'wrong types',
    webhookCreate,
    { type: 1, name: 1, endpoint_url: 1, headers: 1, enabled: 1, time_limit_ms: 'a' },
  ],
  ['a wrong query', deliveryListQuery, { limit: 'x', cursor: 1, type: 'x', test: 1, from: 'x' }],
])('no word of the schema library is left: %s', (_what, schema, value) => {
  const messages = messagesOf(schema, value)
  expect(messages.length).toBeGreaterThan(2)
  for (const message of messages) {
    expect(message).not.toMatch(/invalid|expected|received|undefined|NaN|too (small|big)/i)
  }
})
