import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BodyBudget } from '../../src/egress/body-budget.ts'
import { BodyBuffer } from '../../src/egress/body-buffer.ts'

const limit = 200_000
const chunk = (length: number) => Buffer.alloc(length, 'a')

it('keeps the chunks in order up to the limit, however they are cut', () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 20 })
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 20_000 }), (parts, bytes) => {
      const buffer = new BodyBuffer(bytes, new BodyBudget(0))
      const whole = Buffer.concat(parts)
      const became = parts.map((part) => buffer.add(part))
      expect(Buffer.from(buffer.toBytes())).toEqual(whole.subarray(0, bytes))
      expect(became.includes('over_limit')).toBe(whole.length > bytes)
    }),
  )
})

it('takes from the budget beyond 64 KiB only, and gives all of it back', () => {
  const budget = new BodyBudget(100_000)
  const small = new BodyBuffer(limit, budget)
  expect(small.add(chunk(65_536))).toBe('kept')
  expect(budget.take(100_000)).toBe(true)
  budget.give(100_000)

  const large = new BodyBuffer(limit, budget)
  expect(large.add(chunk(120_000))).toBe('kept')
  const another = new BodyBuffer(limit, budget)
  expect(another.add(chunk(120_000))).toBe('no_memory')
  large.release()
  expect(another.add(chunk(120_000))).toBe('kept')
  another.release()
  expect(budget.take(100_000)).toBe(true)
})

it('a part of it is a copy, so that the whole can go', () => {
  const buffer = new BodyBuffer(limit, new BodyBudget(limit))
  buffer.add(chunk(150_000))
  expect(buffer.toBytes(100).buffer.byteLength).toBeLessThan(150_000)
})
