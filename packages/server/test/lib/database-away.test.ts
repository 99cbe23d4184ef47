import { expect, test } from 'vitest'
import { isDatabaseAway } from '../../src/lib/database-away.ts'

const withCode = (code: string) => Object.assign(new Error('x'), { code })

test.each(['ECONNREFUSED', '57P01', '25006', '08006', '53300'])(
  '%s says that the database is away',
  (code) => {
    expect(isDatabaseAway(withCode(code))).toBe(true)
    expect(isDatabaseAway(new Error('outer', { cause: withCode(code) }))).toBe(true)
  },
)

test.each(['23505', '42P01', '22P02', '53100'])('%s says something else', (code) => {
  expect(isDatabaseAway(withCode(code))).toBe(false)
})

test('a connection that ended under a query has no code, and what is no error is none', () => {
  expect(isDatabaseAway(new Error('Connection terminated unexpectedly'))).toBe(true)
  expect(isDatabaseAway('ECONNREFUSED')).toBe(false)
})
