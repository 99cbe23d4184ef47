/** What a PATCH makes of a user, by the forms in which clients write it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyPatch } from '../../src/scim/patch.ts'
import { readPatch } from '../../src/scim/patch-request.ts'
import type { Resource } from '../../src/scim/resource.ts'
import { userSchema } from '../../src/scim/schemas.ts'
import { ScimError } from '../../src/scim/scim-error.ts'
import { enterpriseUrn, patchUrn, userUrn } from './scim-client.ts'

const work = { value: 'ada@work.example', type: 'work', primary: true }
const home = { value: 'ada@home.example', type: 'home', primary: false }
const ada: Resource = {
  userName: 'ada',
  active: true,
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  title: 'Analyst',
  emails: [work, home],
  [enterpriseUrn]: { department: 'Engines', manager: { value: 'usr_1' } },
}

const patched = (...operations: object[]) =>
  applyPatch(userSchema, ada, readPatch(userSchema, { schemas: [patchUrn], Operations: operations }))
const without = (resource: Resource, name: string) =>
  Object.fromEntries(Object.entries(resource).filter(([key]) => key !== name))

describe('a PATCH that', () => {
  test.each<[string, object | object[], Record<string, unknown>]>([
    ['replaces a value', { op: 'replace', path: 'userName', value: 'countess' }, { userName: 'countess' }],
    [
      'has its op in capitals, as Entra ID',
      { op: 'Replace', path: 'userName', value: 'b' },
      { userName: 'b' },
    ],
    [
      'names attributes in another letter case',
      { op: 'add', path: 'NAME.GIVENNAME', value: 'A' },
      { name: { givenName: 'A', familyName: 'Lovelace' } },
    ],
    [
      'names attributes with their schema',
      { op: 'add', path: `${userUrn}:title`, value: 'T' },
      { title: 'T' },
    ],
    ['has a boolean as text', { op: 'Replace', path: 'active', value: 'False' }, { active: false }],
    [
      'wraps a value, as Entra ID once did',
      { op: 'Replace', path: 'title', value: [{ $ref: null, value: 'T' }] },
      { title: 'T' },
    ],
    ['has no path', { op: 'replace', value: { active: false, title: 'T' } }, { active: false, title: 'T' }],
    ['has no path and an id', { op: 'replace', value: { id: 'usr_2', title: 'T' } }, { title: 'T' }],
    [
      'has paths as keys',
      { op: 'replace', value: { 'name.familyName': 'King', [`${enterpriseUrn}:department`]: 'D' } },
      {
        name: { givenName: 'Ada', familyName: 'King' },
        [enterpriseUrn]: { department: 'D', manager: { value: 'usr_1' } },
      },
    ],
    [
      'has an extension as key',
      { op: 'add', value: { [enterpriseUrn]: { costCenter: '1' } } },
      { [enterpriseUrn]: { department: 'Engines', manager: { value: 'usr_1' }, costCenter: '1' } },
    ],
    [
      'has an extension as path',
      { op: 'add', path: enterpriseUrn, value: { division: 'X' } },
      { [enterpriseUrn]: { department: 'Engines', manager: { value: 'usr_1' }, division: 'X' } },
    ],
    [
      'sets a manager by a bare id',
      { op: 'Add', path: `${enterpriseUrn}:manager`, value: 'usr_2' },
      { [enterpriseUrn]: { department: 'Engines', manager: { value: 'usr_2' } } },
    ],
    [
      'sets a manager by the part',
      { op: 'replace', path: `${enterpriseUrn}:manager.value`, value: 'usr_2' },
      { [enterpriseUrn]: { department: 'Engines', manager: { value: 'usr_2' } } },
    ],
    [
      'removes a part of an extension',
      { op: 'remove', path: `${enterpriseUrn}:manager` },
      { [enterpriseUrn]: { department: 'Engines' } },
    ],
    [
      'merges a complex value',
      { op: 'replace', path: 'name', value: { middleName: 'M' } },
      { name: { givenName: 'Ada', familyName: 'Lovelace', middleName: 'M' } },
    ],
    [
      'changes one entry',
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'new@x' },
      { emails: [{ ...work, value: 'new@x' }, home] },
    ],
    [
      'changes an entry by primary',
      { op: 'replace', path: 'emails[primary eq true].value', value: 'new@x' },
      { emails: [{ ...work, value: 'new@x' }, home] },
    ],
    [
      'replaces an entry',
      { op: 'replace', path: 'emails[type eq "home"]', value: { value: 'n@x', type: 'other' } },
      { emails: [work, { value: 'n@x', type: 'other' }] },
    ],
    [
      'adds to an entry',
      { op: 'add', path: 'emails[type eq "home"]', value: { display: 'Home' } },
      { emails: [work, { ...home, display: 'Home' }] },
    ],
    [
      'makes the entry that its filter describes',
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+44 1' },
      { phoneNumbers: [{ type: 'mobile', value: '+44 1' }] },
    ],
    [
      'adds an entry',
      { op: 'add', path: 'emails', value: [{ value: 'x@y', type: 'other' }] },
      { emails: [work, home, { value: 'x@y', type: 'other' }] },
    ],
    [
      'adds an entry that is there',
      { op: 'add', path: 'emails', value: [{ value: home.value, type: 'home' }] },
      { emails: [work, home] },
    ],
    [
      'adds a primary entry',
      { op: 'add', path: 'emails', value: [{ value: 'x@y', primary: true }] },
      { emails: [{ ...work, primary: false }, home, { value: 'x@y', primary: true }] },
    ],
    [
      'makes another entry primary',
      { op: 'replace', path: 'emails[type eq "home"].primary', value: true },
      {
        emails: [
          { ...work, primary: false },
          { ...home, primary: true },
        ],
      },
    ],
    ['replaces all entries', { op: 'replace', path: 'emails', value: [home] }, { emails: [home] }],
    ['removes an entry', { op: 'remove', path: 'emails[type eq "home"]' }, { emails: [work] }],
    [
      'removes an entry by its value',
      { op: 'Remove', path: 'emails', value: [{ value: home.value }] },
      { emails: [work] },
    ],
    [
      'empties an entry, as Entra ID does',
      { op: 'Replace', path: 'emails[type eq "home"].value', value: '' },
      { emails: [work] },
    ],
    ['removes entries that are not there', { op: 'remove', path: 'emails[type eq "fax"]' }, {}],
    [
      'sets a part of all entries',
      { op: 'replace', path: 'emails.display', value: 'E' },
      {
        emails: [
          { ...work, display: 'E' },
          { ...home, display: 'E' },
        ],
      },
    ],
    [
      'has several operations, one after the other',
      [
        { op: 'replace', path: 'title', value: 'A' },
        { op: 'remove', path: 'title' },
        { op: 'add', path: 'title', value: 'B' },
      ],
      { title: 'B' },
    ],
  ])('%s', (_what, operations, changed) => {
    expect(patched(...[operations].flat())).toEqual({ ...ada, ...changed })
    expect(ada.userName).toBe('ada')
  })

  test.each<[string, object, string]>([
    ['removes a value', { op: 'remove', path: 'title' }, 'title'],
    ['sets null', { op: 'replace', path: 'title', value: null }, 'title'],
    ['sets empty text', { op: 'replace', path: 'title', value: '' }, 'title'],
    ['removes all entries', { op: 'remove', path: 'emails' }, 'emails'],
    ['sets no entries', { op: 'replace', path: 'emails', value: [] }, 'emails'],
    ['removes an extension', { op: 'remove', path: enterpriseUrn }, enterpriseUrn],
  ])('takes an attribute away: %s', (_what, operation, name) => {
    expect(patched(operation)).toEqual(without(ada, name))
  })
})

describe('a PATCH is refused that', () => {
  const attempt = (body: Record<string, unknown>) => () =>
    applyPatch(userSchema, ada, readPatch(userSchema, body))
  const op = (operation: unknown) => ({ schemas: [patchUrn], Operations: [operation] })

  test.each<[string, Record<string, unknown>, string]>([
    [
      'has another schema',
      { schemas: [userUrn], Operations: [{ op: 'remove', path: 'title' }] },
      'invalidSyntax',
    ],
    ['has no operations', { schemas: [patchUrn] }, 'invalidSyntax'],
    ['has an empty list of them', { schemas: [patchUrn], Operations: [] }, 'invalidSyntax'],
    ['has an operation that is no object', op('remove'), 'invalidSyntax'],
    ['has an op that is none', op({ op: 'move', path: 'title' }), 'invalidSyntax'],
    ['has no op', op({ path: 'title', value: 'x' }), 'invalidSyntax'],
    [
      'has too many operations',
      { Operations: Array(1_001).fill({ op: 'remove', path: 'title' }) },
      'invalidValue',
    ],
    ['removes nothing in particular', op({ op: 'remove' }), 'noTarget'],
    ['has a path that is no text', op({ op: 'add', path: 5, value: 1 }), 'invalidPath'],
    ['names what is not there', op({ op: 'add', path: 'shoeSize', value: '42' }), 'invalidPath'],
    ['names a part that is not there', op({ op: 'add', path: 'name.nick', value: 'x' }), 'invalidPath'],
    [
      'names what a prototype has',
      op({ op: 'add', path: '__proto__', value: { active: false } }),
      'invalidPath',
    ],
    ['names a constructor', op({ op: 'add', path: 'constructor.prototype', value: 'x' }), 'invalidPath'],
    ['names a secret', op({ op: 'replace', path: 'password', value: 's3cret' }), 'invalidPath'],
    [
      'chooses entries of what has none',
      op({ op: 'add', path: 'name[givenName eq "Ada"]', value: {} }),
      'invalidPath',
    ],
    [
      'chooses by a part that is not there',
      op({ op: 'add', path: 'emails[shoe eq "1"].value', value: 'x' }),
      'invalidPath',
    ],
    ['has a filter that is none', op({ op: 'add', path: 'emails[type eq', value: 'x' }), 'invalidPath'],
    [
      'has a path with an endless filter',
      op({ op: 'add', path: `emails[type eq "${'x'.repeat(5_000)}"]`, value: 'x' }),
      'invalidPath',
    ],
    [
      'changes entries that are not there',
      op({ op: 'replace', path: 'emails[type sw "f"].value', value: 'x' }),
      'noTarget',
    ],
    ['changes the id', op({ op: 'replace', path: 'id', value: 'usr_2' }), 'mutability'],
    ['changes meta', op({ op: 'replace', path: 'meta.created', value: 'now' }), 'mutability'],
    ['changes groups', op({ op: 'add', path: 'groups', value: [{ value: 'grp_1' }] }), 'mutability'],
    ['removes the userName', op({ op: 'remove', path: 'userName' }), 'mutability'],
    ['has a boolean that is none', op({ op: 'replace', path: 'active', value: 'maybe' }), 'invalidValue'],
    ['has an object for text', op({ op: 'replace', path: 'title', value: { a: 1 } }), 'invalidValue'],
    ['has a list for text', op({ op: 'replace', path: 'title', value: ['a', 'b'] }), 'invalidValue'],
    ['has U+0000 in text', op({ op: 'replace', path: 'title', value: 'a\0b' }), 'invalidValue'],
    ['has half a character in text', op({ op: 'replace', path: 'title', value: '\ud800' }), 'invalidValue'],
    ['has no path and a value that is no object', op({ op: 'replace', value: 'x' }), 'invalidValue'],
    ['has text for an extension', op({ op: 'replace', path: enterpriseUrn, value: 'x' }), 'invalidValue'],
    ['has endless text', op({ op: 'replace', path: 'title', value: 'x'.repeat(2_001) }), 'invalidValue'],
    [
      'has endless entries',
      op({ op: 'replace', path: 'roles', value: Array(101).fill({ value: 'x' }) }),
      'invalidValue',
    ],
  ])('%s', (_what, body, scimType) => {
    expect(attempt(body)).toThrow(expect.objectContaining({ name: 'ScimError', status: 400, scimType }))
  })
})

test('whatever is sent, nothing but attributes of the schema comes out, and no prototype is touched', () => {
  const name = fc.constantFrom(
    'title',
    'emails',
    'name',
    '__proto__',
    'constructor',
    'active',
    'emails[type eq "work"]',
    'emails.value',
    enterpriseUrn,
    `${enterpriseUrn}:manager`,
  )
  const operation = fc.record({
    op: fc.constantFrom('add', 'Remove', 'replace'),
    path: fc.option(name, { nil: undefined }),
    value: fc.oneof(
      fc.jsonValue(),
      fc.dictionary(name, fc.jsonValue()),
      fc.constant(JSON.parse('{"__proto__":{"polluted":true}}')),
    ),
  })
  const known = new Set([...Object.keys(ada), 'title', 'emails', 'name', 'active'])
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 5 }), (operations) => {
      try {
        for (const key of Object.keys(patched(...operations))) expect(known).toContain(key)
      } catch (error) {
        expect(error).toBeInstanceOf(ScimError)
      }
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    }),
    { numRuns: 300 },
  )
})
