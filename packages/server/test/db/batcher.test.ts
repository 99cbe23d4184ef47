import { expect, test } from 'vitest'
import { createBatcher } from '../../src/db/batcher.ts'

/** A writer that holds each batch until it is told to go on. */
function heldWriter() {
  const batches: number[][] = []
  const holds: { resolve(): void; reject(error: Error): void }[] = []
  const batcher = createBatcher<number, string>(async (items) => {
    batches.push(items)
    await new Promise<void>((resolve, reject) => holds.push({ resolve, reject }))
    return items.map((item) => `result ${item}`)
  }, 3)
  return { batcher, batches, holds }
}

test('a lone caller is written at once', () => {
  const { batcher, batches } = heldWriter()
  void batcher.add(1)
  expect(batches).toEqual([[1]])
})

test('what comes meanwhile forms the next batches, in order and bounded', async () => {
  const { batcher, batches, holds } = heldWriter()
  const results = [1, 2, 3, 4, 5, 6].map((item) => batcher.add(item))
  expect(batches).toEqual([[1]])
  holds[0]?.resolve()
  await results[0]
  await expect.poll(() => batches).toEqual([[1], [2, 3, 4]])
  holds[1]?.resolve()
  await results[3]
  await expect.poll(() => batches).toEqual([[1], [2, 3, 4], [5, 6]])
  holds[2]?.resolve()
  expect(await Promise.all(results)).toEqual([1, 2, 3, 4, 5, 6].map((item) => `result ${item}`))
})

test('a batch that fails rejects its own items and no others', async () => {
  const { batcher, holds } = heldWriter()
  const first = batcher.add(1)
  const rest = Promise.allSettled([batcher.add(2), batcher.add(3)])
  holds[0]?.resolve()
  expect(await first).toBe('result 1')
  await expect.poll(() => holds.length).toBe(2)
  const later = batcher.add(4)
  holds[1]?.reject(new Error('disk full'))
  expect((await rest).map((settled) => settled.status)).toEqual(['rejected', 'rejected'])
  await expect.poll(() => holds.length).toBe(3)
  holds[2]?.resolve()
  expect(await later).toBe('result 4')
})

test('a writer that throws before it writes rejects the items, and the next are written', async () => {
  let calls = 0
  const batcher = createBatcher<number, number>((items) => {
    calls += 1
    if (calls === 1) throw new Error('no connection')
    return Promise.resolve(items)
  }, 10)
  await expect(batcher.add(1)).rejects.toThrow('no connection')
  expect(await batcher.add(2)).toBe(2)
})
