import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Filter, FilterError } from '../../src/scim/filter.ts'
import { filterLimits, readFilter } from '../../src/scim/filter-reader.ts'

const eq = (path: string, value: string | boolean | null): Filter => ({
  kind: 'compare',
  path,
  operator: 'eq',
  value,
})

describe('a filter is read', () => {
  test.each<[string, string, Filter]>([
    ['with text', 'userName eq "ada"', eq('userName', 'ada')],
    ['with escapes of JSON', String.raw`userName eq "a\"b\\c\u0041"`, eq('userName', 'a"b\\cA')],
    [
      'with brackets and words of filters in text',
      'title eq "a) or (b and c]"',
      eq('title', 'a) or (b and c]'),
    ],
    ['with operators in capitals', 'userName EQ "ada"', eq('userName', 'ada')],
    ['with a boolean', 'active eq TRUE', eq('active', true)],
    ['with null', 'title eq null', eq('title', null)],
    ['with text without quotes', 'name.familyName eq Employee', eq('name.familyName', 'Employee')],
    [
      'with a time without quotes',
      'meta.created eq 2015-10-10T14:38:21-07:00',
      eq('meta.created', '2015-10-10T14:38:21-07:00'),
    ],
    ['with a number, as it is written', 'externalId eq 0701984', eq('externalId', '0701984')],
    [
      'with a schema before the name',
      'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "a"',
      eq('urn:ietf:params:scim:schemas:core:2.0:User:userName', 'a'),
    ],
    ['for presence', 'title pr', { kind: 'present', path: 'title' }],
    ['with parentheses in parentheses', '((userName eq "a"))', eq('userName', 'a')],
    [
      'with "and" before "or"',
      'a eq "1" or b eq "2" and c eq "3"',
      { kind: 'or', parts: [eq('a', '1'), { kind: 'and', parts: [eq('b', '2'), eq('c', '3')] }] },
    ],
    [
      'with groups in groups',
      'a eq "1" and (b eq "2" or (c eq "3" and d eq "4"))',
      {
        kind: 'and',
        parts: [
          eq('a', '1'),
          { kind: 'or', parts: [eq('b', '2'), { kind: 'and', parts: [eq('c', '3'), eq('d', '4')] }] },
        ],
      },
    ],
    [
      'with "not" for all that is in the parentheses',
      'not (a eq "1" or b eq "2")',
      { kind: 'not', part: { kind: 'or', parts: [eq('a', '1'), eq('b', '2')] } },
    ],
    [
      'with a choice of entries',
      'emails[type eq "work" and value eq "a@b"]',
      {
        kind: 'entry',
        path: 'emails',
        filter: { kind: 'and', parts: [eq('type', 'work'), eq('value', 'a@b')] },
      },
    ],
    [
      'as Entra ID asks for one address',
      'emails[type eq "work"].value eq "a@b"',
      {
        kind: 'entry',
        path: 'emails',
        filter: { kind: 'and', parts: [eq('type', 'work'), eq('value', 'a@b')] },
      },
    ],
  ])('%s', (_what, text, filter) => {
    expect(readFilter(text)).toEqual(filter)
  })
})

describe('a filter is refused that', () => {
  test.each<[string, string, RegExp]>([
    ['is empty', '', /ends where the name/],
    ['has no value', 'userName eq', /ends where a value after eq/],
    ['has no operator', 'userName', /ends where an operator/],
    ['has an operator that is none', 'userName is "a"', /After userName there is "is"/],
    ['goes on', 'userName eq "a" title eq "b"', /join with "and" or "or"/],
    ['is not closed', '(userName eq "a"', /ends where "\)" is needed/],
    ['closes what is not open', 'userName eq "a")', /join with/],
    ['closes something else', 'emails[type eq "a")', /Instead of "\]"/],
    ['has text without an end', 'userName eq "a', /does not end/],
    ['has a backslash at the end', 'userName eq "a\\', /does not end/],
    ['has an escape that is none', String.raw`userName eq "\x"`, /not written as JSON/],
    ['has a line break in text', 'userName eq "a\nb"', /not written as JSON/],
    ['negates without parentheses', 'not userName eq "a"', /in parentheses/],
    ['begins with text', '"userName" eq "a"', /Instead of the name/],
    ['has a name of three parts', 'a.b.c eq "1"', /Instead of the name/],
    ['compares with a group', 'userName eq (a)', /Instead of a value/],
  ])('%s', (_what, text, message) => {
    expect(() => readFilter(text)).toThrow(message)
    expect(() => readFilter(text)).toThrow(FilterError)
  })

  test('is long, deep or has many comparisons', () => {
    const { length, depth, comparisons } = filterLimits
    const nested = (levels: number) => `${'('.repeat(levels)}a pr${')'.repeat(levels)}`
    const many = (count: number) => Array.from({ length: count }, () => 'a pr').join(' or ')
    readFilter(nested(depth))
    readFilter(many(comparisons))
    expect(() => readFilter(nested(depth + 1))).toThrow(/levels deep/)
    expect(() => readFilter(many(comparisons + 1))).toThrow(/comparisons at most/)
    expect(() => readFilter(`a eq "${'x'.repeat(length)}"`)).toThrow(/characters at most/)
  })

  test('would keep a regular expression busy', () => {
    expect(() => readFilter(`a eq "${'\\\\'.repeat(1_990)}`)).toThrow(/does not end/)
    expect(() => readFilter('('.repeat(filterLimits.length))).toThrow(FilterError)
  })
})

test('whatever is sent, it is a filter or an error that says what is wrong', () => {
  const piece = fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    '"',
    '\\',
    ' ',
    '.',
    'and',
    'or',
    'not',
    'eq',
    'pr',
    'userName',
    'emails',
    '"a"',
    'true',
    '__proto__',
    'constructor',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map((pieces) => pieces.join(' ')),
    fc.array(piece).map((pieces) => pieces.join('')),
  )
  fc.assert(
    fc.property(text, (source) => {
      try {
        readFilter(source)
      } catch (error) {
        expect(error).toBeInstanceOf(FilterError)
      }
    }),
    { numRuns: 300 },
  )
})
