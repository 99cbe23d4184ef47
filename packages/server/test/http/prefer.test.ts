import type { FastifyRequest } from 'fastify'
import { describe, expect, test } from 'vitest'
import { preferredWait } from '../../src/http/prefer.ts'

const waitOf = (prefer?: string | string[]) =>
  preferredWait({ headers: prefer === undefined ? {} : { prefer } } as unknown as FastifyRequest)

describe('Prefer: wait', () => {
  test.each([
    ['wait=0', 0],
    ['wait=1', 1],
    ['wait="5"', 5],
    ['WAIT = 5', 5],
    ['wait=60', 60],
    ['wait=61', 60],
    ['wait=99999', 60],
    ['wait=9999999', 60],
    [`wait=${'9'.repeat(400)}`, 60],
    ['respond-async, wait=7', 7],
    ['wait=7; foo=bar', 7],
  ])('%s is granted, 60 seconds at most', (header, seconds) => {
    expect(waitOf(header)).toBe(seconds)
  })

  test.each(['wait', 'wait=', 'wait=1.5', 'wait=-1', 'wait=x', 'wait=5s', 'waiting=5', ''])(
    '%s is ignored, as RFC 7240 says',
    (header) => {
      expect(waitOf(header)).toBeNull()
    },
  )

  test('without the header there is none; of two the first counts', () => {
    expect(waitOf()).toBeNull()
    expect(waitOf(['wait=5', 'wait=9'])).toBe(5)
  })
})
