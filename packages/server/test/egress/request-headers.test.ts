import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { checkHeader, checkHeaders } from '../../src/egress/request-headers.ts'

const reserved = [
  ...[
    'host',
    'content-length',
    'content-type',
    'connection',
    'transfer-encoding',
    'te',
    'upgrade',
    'trailer',
    'expect',
  ],
  ...['proxy-authorization', 'proxy-connection', 'keep-alive', 'content-encoding', 'accept-encoding'],
  ...['webhook-id', 'webhook-anything', 'keyhook-webhook-type', 'user-agent', 'traceparent'],
]

describe('a custom header is sent', () => {
  test.each([
    ['authorization', 'Bearer abc.def=='],
    ['X-API-Key', '0123'],
    ["!#$%&'*+-.^_`|~0aZ", 'x'],
    ['x-tab', 'a\tb'],
    ['x-max', 'a'.repeat(4096)],
  ])('%s', (name, value) => expect(checkHeader(name, value)).toBeNull())
})

describe('a custom header is refused by name', () => {
  test.each(reserved.flatMap((name) => [name, name.toUpperCase()]))('reserved: %s', (name) => {
    expect(checkHeader(name, 'x')).toContain(`"${name}" cannot be set`)
  })
  test.each(['', ' x', 'x:', 'a b', 'x\r\n', 'é', 'x'.repeat(257)])('not a token: %j', (name) => {
    expect(checkHeader(name, 'x')).toMatch(/for example x-api-key/)
  })
  test.each([
    ['x key', /a space or line break at position 2 /],
    ['authorization: Bearer s3cret', /a colon at position 14 /],
    ['x-ké', /a character at position 4 /],
    ['x'.repeat(257), /has 257 characters, at most 256/],
  ])('with the position: %j', (name, detail) => expect(checkHeader(name, 'x')).toMatch(detail))
  it('a whole line pasted as the name is not repeated', () => {
    expect(checkHeader('authorization: Bearer s3cret', 'x')).not.toContain('s3cret')
  })
  it('given twice, whatever the case', () => {
    expect(checkHeaders([header('X-Key', 'a'), header('x-key', 'b')])).toMatchObject([
      { index: 1, member: 'name' },
    ])
  })
})

describe('a custom header is refused by value', () => {
  test.each(['', ' a', 'a ', '\ta', 'a\r\nx: y', 'a\nb', 'a\0b', 'café', '\x7f', '\u0080', 'a'.repeat(4097)])(
    '%j',
    (value) => {
      expect(checkHeader('x-key', value)).toContain('"x-key"')
    },
  )
  it('with the position', () =>
    expect(checkHeader('x-key', 'ab\ncd')).toContain('a line break at position 3'))
})

it('a list is refused when it is too long or too large as a whole', () => {
  const many = Array.from({ length: 51 }, (_, index) => header(`x-${index}`, 'v'))
  expect(checkHeaders(many)).toMatchObject([{ index: null }])
  expect(checkHeaders(many.slice(0, 50))).toEqual([])
  const large = Array.from({ length: 5 }, (_, index) => header(`x-${index}`, 'v'.repeat(4000)))
  expect(checkHeaders(large)).toMatchObject([{ index: null, detail: expect.stringContaining('16384') }])
  expect(checkHeaders(large.slice(0, 4))).toEqual([])
})

it('no error ever holds the value', () => {
  const secret = fc.string({ minLength: 8, unit: 'binary' }).map((text) => `s3cret${text}`)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), secret, (name, value) => {
      fc.pre(!name.includes('s3cret'))
      for (const { detail } of checkHeaders([header(name, value)])) expect(detail).not.toContain('s3cret')
    }),
  )
})

function header(name: string, value: string) {
  return { name, value }
}
