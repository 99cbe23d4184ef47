import { describe, expect, test } from 'vitest'
import { createSecretMask, mask } from '../../src/lib/secret-mask.ts'

const secret = `p/q+r&s<t"u~v!w'x*y`
const url = encodeURIComponent
const each = (write: (code: string) => string) =>
  [...secret].map((character) => write(character.charCodeAt(0).toString(16).padStart(2, '0'))).join('')

const forms: [string, string][] = [
  ['as it is', secret],
  ['JSON', JSON.stringify(secret).slice(1, -1)],
  ['JSON of PHP', JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
  [
    'JSON that is safe in HTML',
    JSON.stringify(secret)
      .slice(1, -1)
      .replace(/[<&+']/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  ],
  ['JSON with every character escaped', each((hex) => `\\u00${hex}`)],
  ['the same in upper case', each((hex) => `\\u00${hex.toUpperCase()}`)],
  ['JSON in a JSON text', JSON.stringify(JSON.stringify(secret))],
  ['a URL', url(secret)],
  ['a URL with lower-case hex', url(secret).replace(/%../g, (part) => part.toLowerCase())],
  ['a URL with every character escaped', each((hex) => `%${hex}`)],
  ['a form', new URLSearchParams({ a: secret }).toString().slice(2)],
  ['JSON in a URL', url(JSON.stringify(secret))],
  [
    'HTML',
    secret
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
  ],
  [
    'HTML of Python',
    secret
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('"', '&#34;')
      .replaceAll("'", '&#x27;'),
  ],
  ['hexadecimal', Buffer.from(secret).toString('hex')],
  ['upper-case hexadecimal', Buffer.from(secret).toString('hex').toUpperCase()],
  ['base64', Buffer.from(secret).toString('base64')],
  ['base64url', Buffer.from(secret).toString('base64url')],
  ['base64 in a URL', url(Buffer.from(`${secret}>>`).toString('base64'))],
]

describe('a secret is masked', () => {
  test.each(forms)('written in %s', (_form, written) => {
    const masked = createSecretMask([secret])(`before {"a":"${written}"} behind`)
    expect(masked).toMatch(/^before \{"a":"[^p]{0,3}••••••.{0,9}"\} behind$/)
    expect(masked).not.toContain(written)
  })

  test.each([0, 1, 2, 3])('in the base64 of a text that has %i characters before it', (before) => {
    const written = Buffer.from(`${'a'.repeat(before)}${secret}:behind`).toString('base64')
    const masked = createSecretMask([secret])(written)
    expect(masked).toContain(mask)
    const shown = masked.split(mask).map((part) => Buffer.from(part, 'base64').toString('latin1'))
    expect(shown.join('')).not.toMatch(/[pqrstuv].{0,1}[/+&<"~]/)
  })

  test('that has escapes of its own, and letters beyond ASCII', () => {
    for (const value of ['a%41b\\u0042c&amp;d', 'pässwörd€', 'a+b c%20d', '100%2541 sure']) {
      const masked = createSecretMask([value])
      const latin1 = Buffer.from(value).toString('latin1')
      for (const text of [
        value,
        latin1,
        JSON.stringify(value),
        url(value),
        new URLSearchParams({ a: value }).toString(),
      ]) {
        expect(masked(`<${text}>`), text).toContain(mask)
      }
    }
  })

  test('each time, also where two overlap', () => {
    const masked = createSecretMask(['abcdefgh', 'efghijkl'])
    expect(masked('1 abcdefgh 2 abcdefghijkl 3 %65fghijkl 4')).toBe(`1 ${mask} 2 ${mask} 3 ${mask} 4`)
  })

  test('in part, where the text was cut', () => {
    const masked = createSecretMask([secret])
    expect(masked(`x ${secret.slice(0, 9)}`, true)).toBe(`x ${mask}`)
    expect(masked(`x ${url(secret).slice(0, 17)}`, true)).toBe(`x ${mask}`)
    expect(masked(`x ${secret.slice(0, 9)}`)).toBe(`x ${secret.slice(0, 9)}`)
  })
})

test('other text stays as it is, and values under 6 characters are not looked for', () => {
  const text = 'a%20b \\u0041 &amp; + \\" plain \u{1f600} abcde'
  expect(createSecretMask([secret, 'abcde'])(text)).toBe(text)
  expect(createSecretMask([])(text)).toBe(text)
  expect(createSecretMask([secret])('')).toBe('')
})
