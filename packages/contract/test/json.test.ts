import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxJsonDepth, parseJson, parseJsonExactly } from '../src/json.ts'
import { findJsonError } from '../src/json-error.ts'
import { isJsonObject } from '../src/json-object.ts'
import { findUtf8Error } from '../src/utf8-error.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('parseJson', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const read = parseJson(bytes(text), { maxDepth: 1_000 })
        expect(read).toEqual({ ok: true, value: JSON.parse(text) })
      }),
    )
  })

  test('drops one byte order mark', () => {
    expect(parseJson(bytes('\ufeff1'))).toEqual({ ok: true, value: 1 })
    expect(parseJson(bytes('\ufeff\ufeff1'))).toMatchObject({ ok: false, reason: 'invalid_json' })
  })

  test('keeps the last value of a repeated key, and `__proto__` as an own key', () => {
    expect(parseJson(bytes('{"a":1,"a":2}'))).toEqual({ ok: true, value: { a: 2 } })
    const read = parseJson(bytes('{"__proto__":{"a":1}}'))
    expect(read.ok && Object.keys(read.value as object)).toEqual(['__proto__'])
  })

  test.each([
    [1, '1'],
    [1, '{}'],
    [2, '[{}]'],
    [3, '[[],{"a":[1]}]'],
    [1, '["[[["]'],
    [1, '["\\"[[["]'],
    [1, '["\\\\",{}]'.replace('{}', '"{{"')],
  ])('needs a depth of %i for %s', (depth, text) => {
    expect(parseJson(bytes(text), { maxDepth: depth }).ok).toBe(true)
    if (depth > 1)
      expect(parseJson(bytes(text), { maxDepth: depth - 1 })).toMatchObject({ reason: 'too_deep' })
  })

  test(`goes ${maxJsonDepth} deep unless told otherwise`, () => {
    const nested = (depth: number) => bytes(`${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`)
    expect(parseJson(nested(64)).ok).toBe(true)
    expect(parseJson(nested(66))).toEqual({
      ok: false,
      reason: 'too_deep',
      detail: 'nested deeper than 64 levels (line 1, column 193)',
    })
    expect(parseJson(bytes('['.repeat(1_000_000)))).toMatchObject({ reason: 'too_deep' })
  })

  test('never throws, and its detail quotes next to nothing of the text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(5), (given, maxDepth) => {
        const read = parseJson(given, { maxDepth })
        if (!read.ok) expect(read.detail.length).toBeLessThan(120)
      }),
    )
    for (const broken of [
      '{"password": hunter2}',
      '{"password": "hunter2',
      '{"password": "hunter2" "x"}',
      'hunter2',
    ]) {
      const read = parseJson(bytes(broken))
      expect(read).toMatchObject({ ok: false, reason: 'invalid_json' })
      expect(!read.ok && read.detail).not.toMatch(/hun|ter2|password/)
    }
  })
})

describe('the place of an error', () => {
  // biome-ignore format: a table is read by its columns
  test.each([
    ['',                    'there is no JSON, only an empty text (line 1, column 1)'],
    ['{',                   'the text ends in the middle of the JSON (line 1, column 2)'],
    ['{"a"',                'the text ends in the middle of the JSON (line 1, column 5)'],
    ['{"a":1,\n\n  }',      'a comma before `}` is not allowed (line 3, column 3)'],
    ['[1,]',                'a comma before `]` is not allowed (line 1, column 4)'],
    ['[1 2]',               'a comma or `]` is missing (line 1, column 4)'],
    ['{"a":1]',             'a comma or `}` is missing (line 1, column 7)'],
    ['{"a" 1}',             'a colon is missing after the key (line 1, column 6)'],
    ['{a:1}',               'a key in double quotes is missing (line 1, column 2)'],
    ["{'a':1}",             "keys need double quotes, not `'` (line 1, column 2)"],
    ["['a']",               "strings need double quotes, not `'` (line 1, column 2)"],
    ['[None]',              '`None` is not JSON, write `null` (line 1, column 2)'],
    ['[/* */]',             'comments are not allowed (line 1, column 2)'],
    ['[,]',                 'a value cannot start with `,` (line 1, column 2)'],
    ['[\u0000]',            'a value cannot start with `\\u{0}` (line 1, column 2)'],
    ['[😀]',                'a value cannot start with `😀` (line 1, column 2)'],
    ['[tru]',               'a value cannot start with `t` (line 1, column 2)'],
    ['["a',                 'the text ends inside a string (line 1, column 4)'],
    ['["a\tb"]',            'a control character inside a string must be escaped (line 1, column 4)'],
    ['["a\nb"]',            'a line break inside a string must be escaped (line 1, column 4)'],
    ['["\\x"]',             'a backslash must start one of the escapes that JSON knows (line 1, column 3)'],
    ['["\\u12g4"]',         '`\\u` needs four hexadecimal digits (line 1, column 3)'],
    ['[01]',                'a number must not start with `0` (line 1, column 2)'],
    ['[-]',                 'a digit is missing after `-` (line 1, column 3)'],
    ['[1.]',                'a digit is missing after the decimal point (line 1, column 3)'],
    ['[1e]',                'a digit is missing in the exponent (line 1, column 3)'],
    ['{} {}',               'there is more text after the end of the JSON (line 1, column 4)'],
  ])('%j: %s', (text, detail) => {
    expect(parseJson(bytes(text))).toEqual({ ok: false, reason: 'invalid_json', detail })
  })

  test('is found exactly where JSON.parse refuses, in JSON with characters changed', () => {
    const changed = fc
      .tuple(
        fc.json(),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[]:,"\\ \n-+.0e1tn\u0000')), { maxLength: 3 }),
      )
      .map(([text, changes]) =>
        changes.reduce((now, [at, character]) => {
          const place = at % (now.length + 1)
          return now.slice(0, place) + character + now.slice(place + 1)
        }, text),
      )
    fc.assert(
      fc.property(fc.oneof(changed, fc.string()), (text) => {
        let accepted = true
        try {
          JSON.parse(text)
        } catch {
          accepted = false
        }
        expect(findJsonError(text) === null).toBe(accepted)
      }),
      { numRuns: 3_000 },
    )
  })

  test('is found in bytes exactly where a fatal decoder refuses', () => {
    const near = fc.constantFrom(
      0x00,
      0x41,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
      0xff,
    )
    fc.assert(
      fc.property(fc.array(near, { maxLength: 6 }), (given) => {
        const data = Uint8Array.from(given)
        let accepted = true
        try {
          new TextDecoder('utf-8', { fatal: true }).decode(data)
        } catch {
          accepted = false
        }
        expect(findUtf8Error(data) === null).toBe(accepted)
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('parseJsonExactly', () => {
  // biome-ignore format: a table is read by its columns
  test.each([
    ['9007199254740993',        'raw',    'an integer that a double rounds'],
    ['-9007199254740993',       'raw',    'a negative one'],
    ['123456789012345678901',   'raw',    'a long identifier'],
    ['10000000000000000000000', 'raw',    'a long number that would get an exponent'],
    ['0.1000000000000000055',   'raw',    'a fraction with more digits than a double has'],
    ['1e400',                   'raw',    'a number that would be infinite'],
    ['-1e400',                  'raw',    'a negative one'],
    ['1e-400',                  'raw',    'a number that would be 0'],
    ['-0',                      'raw',    'a zero whose sign would be lost'],
    ['-0.0',                    'raw',    'a zero whose sign would be lost'],
    ['0',                       'number', 'a plain number'],
    ['-43200',                  'number', 'a plain number'],
    ['9007199254740992',        'number', 'a large integer that a double holds'],
    ['0.1',                     'number', 'a fraction that comes back as it was'],
    ['1.0',                     'number', 'a whole number written as a fraction'],
    ['15e3',                    'number', 'an exponent that is not needed'],
    ['1.50',                    'number', 'a zero too many'],
    ['0.00000010',              'number', 'a small number'],
    ['0e999999999999',          'number', 'a zero with a large exponent'],
  ])('%s is kept as %s: %s', (text, kept) => {
    const read = parseJsonExactly(bytes(`{"a":[${text}]}`))
    const value = read.ok ? (read.value as { a: unknown[] }).a[0] : undefined
    expect(typeof value).toBe(kept === 'raw' ? 'object' : 'number')
    if (kept === 'raw') expect(JSON.stringify(value)).toBe(text)
    else expect(value).toBe(Number(text))
  })

  test('writes any JSON back with the same numbers', () => {
    const digits = fc.stringMatching(/^(0|[1-9][0-9]{0,25})$/)
    const number = fc
      .tuple(
        fc.boolean(),
        digits,
        fc.option(fc.stringMatching(/^[0-9]{1,25}$/)),
        fc.option(fc.integer({ min: -400, max: 400 })),
      )
      .map(([minus, whole, fraction, exponent]) =>
        [
          minus ? '-' : '',
          whole,
          fraction === null ? '' : `.${fraction}`,
          exponent === null ? '' : `e${exponent}`,
        ].join(''),
      )
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 5 }), (numbers) => {
        const read = parseJsonExactly(bytes(`[${numbers.join()}]`))
        const written = JSON.stringify(read.ok && read.value)
          .slice(1, -1)
          .split(',')
        expect(written.map(exactValue)).toEqual(numbers.map(exactValue))
      }),
      { numRuns: 2_000 },
    )
  })

  test('leaves digits in texts and keys alone, and an own `__proto__` an own key', () => {
    const text = '{"12345678901234567890":"1.0e5","__proto__":{"n":1e400},"a":1}'
    const read = parseJsonExactly(bytes(text))
    expect(JSON.stringify(read.ok && read.value)).toBe(text)
    expect(read.ok && Object.getPrototypeOf(read.value)).toBe(Object.prototype)
  })

  test('keeps a number as no object', () => {
    const read = parseJsonExactly(bytes('[1e400, {}]'))
    expect(read.ok && (read.value as unknown[]).map(isJsonObject)).toEqual([false, true])
  })

  test.each([
    ['one long number', `[1${'0'.repeat(2_000_000)}1]`],
    ['one long fraction', `[0.${'0'.repeat(2_000_000)}1]`],
    ['many numbers', `[${'1e400,'.repeat(300_000)}0]`],
  ])('takes linear work for %s', (_name, text) => {
    const read = parseJsonExactly(bytes(text))
    expect(read.ok && JSON.stringify(read.value) === text).toBe(true)
  })

  test('refuses what parseJson refuses, in the same words', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const [plain, exact] = [parseJson(bytes(text)), parseJsonExactly(bytes(text))]
        if (plain.ok) expect(exact.ok).toBe(true)
        else expect(exact).toEqual(plain)
      }),
    )
  })
})

/** The value of a JSON number as sign, integer and power of ten, by big integers. */
function exactValue(text: string): string {
  const [, minus, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? []
  let value = BigInt(whole + fraction)
  let power = Number(exponent) - fraction.length
  if (value === 0n) return `${minus}0`
  for (; value % 10n === 0n; value /= 10n) power += 1
  return `${minus}${value}e${power}`
}
