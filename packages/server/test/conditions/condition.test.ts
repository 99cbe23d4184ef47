import { readFileSync } from 'node:fs'
import { examplePayload } from '@keyhook/contract/example-payload.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileCondition } from '../../src/conditions/condition.ts'
import { createConditions } from '../../src/conditions/conditions.ts'

const compiled = (text: string) => {
  const result = compileCondition(text)
  if (!result.ok) throw new Error(`${text}: ${result.detail}`)
  return result.condition
}
const inline = examplePayload('pre_approval')

describe('what holds for the example payload', () => {
  test.each([
    ['true', true],
    ['false', false],
    ['payload.permissions.exists(p, p.label.startsWith("Billing"))', true],
    ['payload.permissions.all(p, p.source == "OKTA")', false],
    ['payload.permissions.exists_one(p, p.source == "OKTA")', true],
    ['payload.permissions.size() == 2 && size(payload.permissions) == 2', true],
    ['payload.permissions.filter(p, p.source == "OKTA").size() == 1', true],
    ['payload.permissions.map(p, p.value) == ["billing_read", "reports_edit"]', true],
    ['payload.permissions[1].value == "reports_edit"', true],
    ['payload.access_length > 3600', true],
    ['payload.access_length + 1 == 43201', true],
    ['payload.access_length / 2 == 21600', true],
    ['payload.access_length == 43200.0', true],
    ['payload.callback_url == null', true],
    ['has(payload.requester) && payload.requester.email == "grace@example.com"', true],
    ['has(payload.nobody)', false],
    ['has(payload.nobody) && payload.nobody.email == "x"', false],
    ['payload.custom_fields["Cost centre"] == "CC-4711"', true],
    ['"Cost centre" in payload.custom_fields', true],
    ['payload.custom_fields["Production data"]', false],
    ['payload.target_user.email.matches("^ada@.*[.]com$")', true],
    ['payload.target_user.email.lowerAscii().endsWith("@example.com")', true],
    ['timestamp(payload.access_request.requested_at).getFullYear() == 2026', true],
    ['type(payload.access_length) == int', true],
    ['payload.permissions.exists(p, payload.permissions.exists(q, q.value != p.value))', true],
    ['payload.access_length > 3600 ? payload.permissions.size() == 2 : false', true],
  ])('%s is %s', (text, holds) => {
    expect(compiled(text).evaluate(inline)).toEqual({ ok: true, holds })
  })
})

describe('what cannot be evaluated', () => {
  test.each([
    ['payload.nobody == 1', 'no member `nobody`'],
    ['payload.target_user.age > 3', 'no member `age`'],
    ['payload.permissions[7].label == "x"', 'shorter'],
    ['payload.request_comment', 'text'],
    ['payload.access_length', 'a number'],
    ['payload.callback_url', 'null'],
    ['payload.permissions', 'a list or a map'],
    ['!payload.request_comment', 'types'],
    ['payload.access_length + 1.5 > 2.0', 'types'],
    ['payload.constructor == null', 'no member `constructor`'],
    ['payload.__proto__ == null', 'no member `__proto__`'],
  ])('%s: %s', (text, detail) => {
    const result = compiled(text).evaluate(inline)
    expect(result).toMatchObject({ ok: false, detail: expect.stringContaining(detail) })
  })

  test('own members with the names of inherited ones are read like any other', () => {
    const payload = JSON.parse('{"constructor": 1, "__proto__": 2}')
    expect(compiled('payload.constructor == 1 && payload.__proto__ == 2').evaluate(payload)).toEqual({
      ok: true,
      holds: true,
    })
  })
})

describe('what is refused when it is saved, and where', () => {
  test.each([
    ['', 1, 1, 'empty'],
    ['   ', 1, 1, 'empty'],
    ['1 +', 1, 3, 'not CEL'],
    ['payload.a ==\n  == 3', 1, 11, 'not CEL'],
    ['payload.a == "x', 1, 14, 'is never closed: write "'],
    ['payload.permissions.exists(p, p.label.startsWith("prod")', 1, 27, 'The ( here is never closed'],
    ['payload.a == 1)', 1, 15, 'This ) closes nothing'],
    ['payload.a == [1)', 1, 14, 'The [ here is never closed: write its ]'],
    ['payload.a == ")" && (payload.b', 1, 21, 'The ( here'],
    ['a == 1', 1, 1, 'no `a`'],
    ['true &&\n  permissions.size() > 1', 2, 3, 'no `permissions`'],
    ['payload.a.bogus()', 1, 10, 'no function `bogus`'],
    ['payload.a.split(",").size() > 1', 1, 10, 'no function `split`'],
    ['google.protobuf.Value{} == null', 1, 1, 'Messages'],
    ['payload.a.all(x, payload.a.all(y, payload.a.all(z, x == z)))', 1, 44, 'inside one another 2 times'],
    [Array(300).fill('true').join(' && '), 1, 1, 'too long'],
    ['payload.a.matches(payload.b)', 1, 10, 'written out'],
    ['payload.a.matches("(a{30}){30}")', 1, 10, 'Counted repetitions'],
    ['payload.x.matches("(")', 1, 19, 'no pattern: missing closing )'],
    ['has(payload.x) && payload.x.matches("[")', 1, 37, 'no pattern: missing closing ]'],
    ['1+1', 1, 1, 'must be true or false, and it is a number'],
    ['""', 1, 1, 'must be true or false, and it is text'],
    ['"a" + 1', 1, 1, '`+` cannot be used with text and a number'],
    ['payload.c ? "a" : "b"', 1, 13, 'must be true or false, and it is text'],
    ['payload.a == 1 && 3', 1, 19, 'must be true or false, and it is a number'],
    ['payload.a + payload.b', 1, 1, 'must be true or false'],
    ['payload.l.map(p, p.x)', 1, 1, 'must be true or false, and it is a list'],
    ['payload.l.exists(p, 1)', 1, 21, 'must be true or false, and it is a number'],
    ['payload.a.size() == "3"', 1, 1, '`==` cannot be used with a number and text'],
    ['payload.a in "abc"', 1, 1, '`in` cannot be used with a value and text'],
    ['1 < "x"', 1, 1, '`<` cannot be used with a number and text'],
    ['contains(payload.a, "x")', 1, 1, 'payload.target_user.email.contains('],
    ['payload.a.size(1) == 1', 1, 1, '`size` cannot be used'],
    ['"x".b == 1', 1, 1, 'no member `b` in text'],
    ['timestamp("nope") == timestamp("nope")', 1, 1, 'never be evaluated: invalid RFC 3339'],
    ['payload.a || timestamp("nope") > timestamp("x")', 1, 14, 'never be evaluated'],
    ['payload.a == 1 / 0', 1, 14, 'never be evaluated: int divide by zero'],
  ])('%j: line %i, column %i', (text, line, column, detail) => {
    const result = compileCondition(text)
    expect(result).toMatchObject({ ok: false, detail: expect.stringContaining(detail) })
    if (!result.ok) {
      expect([result.line, result.column]).toEqual([line, column])
      expect(result.detail).toContain('for example')
    }
  })

  test('more than 4,096 characters', () => {
    expect(compileCondition(`true ${' '.repeat(4_100)}`)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('It has 4105 characters'),
    })
  })

  test.each([
    'false',
    'payload.a',
    'bool(payload.a)',
    'payload.a == null',
    'payload.a.size() > 2.5',
    'payload.n % 2 == 0 && -payload.n < 3',
    'int(payload.a) + 1 == 2',
    'payload.a.exists_one(x, x > 1)',
    'payload.a.map(x, x > 1, x) == [1]',
    'payload.a ? payload.b : payload.c',
    'type(payload.a) == int',
    '{"a": 1}.a == payload["a"]',
    'timestamp(payload.a) - timestamp(payload.b) > duration("1h")',
    'timestamp(payload.a).getHours("Europe/Paris") < 12',
    'payload.a.matches("a\\\\d") || payload.a == r"\\"',
  ])('%s depends on the payload and is taken', (text) => {
    expect(compileCondition(text)).toMatchObject({ ok: true })
  })
})

describe('bounds', () => {
  const many = (count: number) => ({
    l: Array.from({ length: count }, (_, index) => ({ label: `label ${index}` })),
  })

  test('one loop over ten thousand items is evaluated', () => {
    expect(compiled('payload.l.exists(p, p.label == "none")').evaluate(many(10_000))).toEqual({
      ok: true,
      holds: false,
    })
  })

  test.each([
    [
      'two loops over a thousand items',
      'payload.l.all(p, payload.l.exists(q, q.label == p.label))',
      many(1_000),
    ],
    [
      'a pattern on a long text in a loop',
      'payload.l.exists(p, payload.s.matches("(a+)+$"))',
      { ...many(1_000), s: 'a'.repeat(500_000) },
    ],
    ['a text doubled again and again', `["ab"]${'.map(x, x + x)'.repeat(27)}.exists(x, x.contains("c"))`, {}],
    [
      'a list compared in a loop',
      'payload.l.exists(x, payload.l == payload.m)',
      { l: many(900).l, m: many(900).l },
    ],
    [
      'times in a zone in a loop',
      'payload.l.all(x, timestamp("2026-01-01T00:00:00Z").getHours("Europe/Paris") >= 0)',
      many(5_000),
    ],
    ['a number of a million digits', 'int(payload.s) == 1', { s: '9'.repeat(1_000_000) }],
    [
      'a long text read many times',
      Array(40).fill('payload.s.size() > 1').join(' && '),
      { s: 'a'.repeat(1_000_000) },
    ],
    [
      'a list added to itself',
      'payload.l.exists(p, (payload.l + payload.l + payload.l).exists(q, q == p))',
      many(500),
    ],
  ])('%s are not begun', (_what, text, payload) => {
    expect(compiled(text).evaluate(payload)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('too large'),
    })
  })

  test('any text compiles or is refused, and what compiles evaluates any JSON: nothing throws', () => {
    const piece = fc.constantFrom(
      ...[
        'payload',
        '.a',
        '[0]',
        '"x"',
        '1',
        '1.5',
        'null',
        '==',
        '&&',
        '||',
        '!',
        '(',
        ')',
        '+',
        '-',
        '?',
        ':',
        ' ',
      ],
      ...[
        '.exists(p, p == 1)',
        '.map(x, x)',
        '.size()',
        'has(payload.a)',
        '{',
        '}',
        '[',
        ']',
        ',',
        'in',
        'true',
        '\n',
      ],
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
    )
    fc.assert(
      fc.property(text, fc.jsonValue(), (expression, payload) => {
        const result = compileCondition(expression)
        if (result.ok) expect(result.condition.evaluate(payload)).toHaveProperty('ok')
        else expect(result.detail.length).toBeGreaterThan(5)
      }),
      { numRuns: 2_000 },
    )
  })
})

test('conditions are compiled once, and a stored one that does not compile any more is an error, not a crash', () => {
  const conditions = createConditions()
  expect(conditions.evaluate('payload.a == 1', { a: 1 })).toEqual({ ok: true, holds: true })
  expect(conditions.evaluate('payload.a == 1', { a: 2 })).toEqual({ ok: true, holds: false })
  expect(conditions.evaluate('1 +', {})).toMatchObject({ ok: false })
  const refusedToday = 'payload.a == 1 || payload.b == 1 / 0'
  expect(compileCondition(refusedToday)).toMatchObject({ ok: false })
  expect(conditions.evaluate(refusedToday, { a: 1 })).toEqual({ ok: true, holds: true })
})

test('the examples of the documentation can be evaluated', () => {
  const page = readFileSync(new URL('../../../../docs/conditions.md', import.meta.url), 'utf8')
  const examples = [...page.matchAll(/```cel\n([\s\S]*?)```/g)].map((match) => match[1]?.trim() ?? '')
  expect(examples.length).toBe(10)
  for (const example of examples) {
    expect(compiled(example).evaluate(inline), example).toHaveProperty('holds')
  }
})
