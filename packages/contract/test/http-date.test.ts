import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseHttpDate } from '../src/http-date.ts'

const now = Date.UTC(2026, 10, 24)

describe('parseHttpDate', () => {
  test('reads the three forms of RFC 9110 as the same moment, in UTC', () => {
    const at = Date.UTC(1994, 10, 6, 8, 49, 37)
    expect(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT', now)).toBe(at)
    expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', now)).toBe(at)
    expect(parseHttpDate('Sun Nov  6 08:49:37 1994', now)).toBe(at)
  })

  test('reads any moment that toUTCString writes', () => {
    const moment = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
    fc.assert(
      fc.property(moment, (date) => {
        expect(parseHttpDate(date.toUTCString(), now)).toBe(Math.floor(date.getTime() / 1_000) * 1_000)
      }),
    )
  })

  test('takes a year of two digits as the latest one that is at most 50 years ahead', () => {
    const yearOf = (digits: string) =>
      new Date(parseHttpDate(`Sunday, 06-Nov-${digits} 08:49:37 GMT`, now) ?? 0).getUTCFullYear()
    expect([yearOf('26'), yearOf('76'), yearOf('77'), yearOf('99'), yearOf('00')]).toEqual([
      2026, 2076, 1977, 1999, 2000,
    ])
  })

  test.each([
    '',
    'Mon',
    'Monkey 5',
    '2026-11-24T00:00:00Z',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Mon, 31 Feb 2027 00:00:00 GMT',
    'Mon, 00 Feb 2027 00:00:00 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT, 5',
  ])('refuses %j', (text) => {
    expect(parseHttpDate(text, now)).toBeNull()
  })
})
