import { validatorCompiler, type ZodFastifySchemaValidationError } from 'fastify-type-provider-zod'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memberErrors } from '../../src/http/member-errors.ts'

const schema = z.strictObject({ name: z.string(), headers: z.array(z.strictObject({ value: z.string() })) })

function findingsOf(value: unknown) {
  const check = validatorCompiler({ schema, method: 'POST', url: '/', httpPart: 'body' })
  const checked = check(value) as { error?: unknown }
  return checked.error as ZodFastifySchemaValidationError[]
}

const pointersOf = (value: unknown, where?: string) =>
  memberErrors(findingsOf(value), where).map(({ pointer }) => pointer)

describe('pointers', () => {
  test('the whole body is the empty pointer', () => {
    expect(pointersOf([])).toEqual([''])
  })

  test('members and list items are named', () => {
    expect(pointersOf({ name: 1, headers: [{ value: 'a' }, { value: 2 }] })).toEqual([
      '/name',
      '/headers/1/value',
    ])
  })

  test.each([
    ['querystring', '/query/name'],
    ['params', '/params/name'],
    ['body', '/name'],
  ])('members of %s start at %s', (where, pointer) => {
    expect(pointersOf({ headers: [] }, where)).toEqual([pointer])
  })

  test.each([
    ['a/b', '/a~1b'],
    ['a~b', '/a~0b'],
    ['~1', '/~01'],
    ['/', '/~1'],
    ['', '/'],
    ['ä "', '/ä "'],
  ])('an unknown member "%s" is %s (RFC 6901)', (name, pointer) => {
    expect(memberErrors(findingsOf({ name: '', headers: [], [name]: 1 }), 'body')).toEqual([
      { pointer, detail: 'There is no such member.' },
    ])
  })

  test('an unknown member deep inside is named whole', () => {
    expect(pointersOf({ name: '', headers: [{ value: 'a', 'x/y': 1 }] })).toEqual(['/headers/0/x~1y'])
  })

  test('of many unknown members, with long names, a bounded part is repeated', () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`${i}${'x'.repeat(1_000)}`, 1]))
    const pointers = pointersOf({ name: '', headers: [], ...many })
    expect(pointers).toHaveLength(20)
    for (const pointer of pointers) expect(pointer.length).toBeLessThanOrEqual(101)
  })
})
