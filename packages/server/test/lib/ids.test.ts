import { describe, expect, test } from 'vitest'
import { firstIdAt, newId, timeOfId } from '../../src/lib/ids.ts'

const at = Date.UTC(2026, 0, 31, 9, 30, 0, 123)

describe('ids', () => {
  test('have a prefix and a UUIDv7', () => {
    expect(newId('wh')).toMatch(/^wh_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
  })

  test('are all different', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => newId('dlv', at))).size).toBe(10_000)
  })

  test('sort by time as text', () => {
    const times = [0, 1, at - 1, at, at + 1, at + 86_400_000, Date.UTC(9999, 11, 31)]
    const ids = times.map((time) => newId('dlv', time))
    expect([...ids].sort()).toEqual(ids)
  })

  test('tell when they were made, to the millisecond', () => {
    for (const time of [0, 1, at, Date.UTC(9999, 11, 31)]) {
      expect(timeOfId(newId('dlv', time)).getTime()).toBe(time)
    }
  })
})

describe('firstIdAt', () => {
  test('is at most every id of its time, and more than every earlier one', () => {
    for (let count = 0; count < 100; count++) {
      expect(firstIdAt('dlv', at) <= newId('dlv', at)).toBe(true)
      expect(firstIdAt('dlv', at) > newId('dlv', at - 1)).toBe(true)
    }
  })

  test.each([
    ['before 1970', -5],
    ['in 1970', 0],
  ])('a time %s is below every id', (_when, time) => {
    expect(firstIdAt('dlv', time) <= newId('dlv', 0)).toBe(true)
  })
})
