import { describe, expect, test } from 'vitest'
import type { PlannedBatch } from '../../src/db/stream-schema.ts'
import {
  firstWindow,
  planBatches,
  positionBefore,
  positionsOf,
  splitBatch,
} from '../../src/streams/stream-plan.ts'

let made = 0
const newId = () => `dlv_${++made}`
const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i)
const spans = (batches: readonly PlannedBatch[]) => batches.map(({ runs }) => runs)

describe('planBatches', () => {
  test('fills batches in order; positions that were filtered out are holes', () => {
    const planned = planBatches([1, 2, 3, 7, 8], { size: 2, window: 9 }, newId)
    expect(spans(planned)).toEqual([
      [[1, 2]],
      [
        [3, 3],
        [7, 7],
      ],
      [[8, 8]],
    ])
    expect(new Set(planned.map(({ id }) => id)).size).toBe(3)
    expect(planned.map(({ count, window }) => [count, window])).toEqual([
      [2, 9],
      [2, 9],
      [1, 9],
    ])
  })

  test('nothing is no batch', () => {
    expect(planBatches([], { size: 2, window: 4 }, newId)).toEqual([])
  })
})

describe('firstWindow', () => {
  const first = planBatches(upTo(1, 4), { size: 2, window: 4 }, newId)
  const second = planBatches(upTo(5, 8), { size: 2, window: 8 }, newId)

  test('is what was planned together, however much of it is left', () => {
    expect(firstWindow([...first, ...second])).toEqual(first)
    expect(firstWindow([...first.slice(1), ...second])).toEqual(first.slice(1))
    expect(firstWindow(second)).toEqual(second)
    expect(firstWindow([])).toEqual([])
  })

  test('holds the parts of a batch that was divided', () => {
    const [batch] = first
    if (!batch) throw new Error('nothing planned')
    const parts = splitBatch(batch, newId, { suspect: false })
    expect(spans(parts)).toEqual([[[1, 1]], [[2, 2]]])
    expect(firstWindow([...parts, ...second])).toEqual(parts)
  })

  test('is all of what a version before has planned, and that comes before what is planned now', () => {
    const old = first.map(({ window, ...batch }) => batch)
    expect(firstWindow([...old, ...second])).toEqual(old)
    const [batch] = old
    if (!batch) throw new Error('nothing planned')
    expect(firstWindow([...splitBatch(batch, newId, { suspect: true }), ...second])).toHaveLength(2)
  })
})

test('a stream stands before the first that is still planned, else at the end of the window', () => {
  const planned = planBatches([5, 6, 9], { size: 2, window: 12 }, newId)
  expect(positionBefore(planned, 12)).toBe(4)
  expect(positionBefore(planned.slice(1), 12)).toBe(8)
  expect(positionBefore([], 12)).toBe(12)
  expect(positionsOf([[5, 6]])).toEqual([5, 6])
})
