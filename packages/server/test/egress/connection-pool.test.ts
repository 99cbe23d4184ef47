import { expect, it } from 'vitest'
import { ConnectionPool } from '../../src/egress/connection-pool.ts'

const limits = { perKey: 64, inUse: 100, assured: 4, idle: 10 }
const taken = (pool: ConnectionPool, key: string, wanted: number) =>
  Array.from({ length: wanted }, () => pool.take(key)).filter((slot) => slot !== null).length

it('one key gets its own limit and no more', () => {
  expect(taken(new ConnectionPool(limits), 'a', 100)).toBe(64)
})

it('when very many are in use each key still gets a few, so that the number stays bounded and nobody is left out', () => {
  const pool = new ConnectionPool(limits)
  expect([taken(pool, 'a', 64), taken(pool, 'b', 64)]).toEqual([64, 36])
  expect([taken(pool, 'a', 64), taken(pool, 'c', 64), taken(pool, 'd', 64)]).toEqual([0, 4, 4])
  expect(pool.counts).toEqual({ keys: 4, open: 108, idle: 0 })
})

it('when others end there is room again, and what is empty is forgotten', () => {
  const pool = new ConnectionPool(limits)
  taken(pool, 'a', 64)
  taken(pool, 'b', 64)
  for (let slot = 0; slot < 64; slot += 1) pool.release('a', null)
  expect(taken(pool, 'c', 64)).toBe(64)
  expect(pool.counts).toEqual({ keys: 2, open: 100, idle: 0 })
})

it('whoever waits gets the next slot of the same key, in order', () => {
  const pool = new ConnectionPool({ ...limits, inUse: 0, assured: 1 })
  const served: string[] = []
  for (const key of ['a', 'b']) expect(taken(pool, key, 2)).toBe(1)
  for (const key of ['a', 'b', 'a']) pool.wait(key, () => served.push(key))
  pool.release('b', null)
  expect(served).toEqual(['b'])
  pool.release('a', null)
  pool.release('a', null)
  expect(served).toEqual(['b', 'a', 'a'])
})
