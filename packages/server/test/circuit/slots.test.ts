import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSlots, type NoSlot, type Slot, type Slots } from '../../src/circuit/slots.ts'

const signal = new AbortController().signal
const long = 60_000

function ask(slots: Slots, limit: number, { key = 'wh_1', maxWaitMs = long, abort = signal } = {}) {
  return slots.acquire(key, { limit, maxWaitMs, signal: abort })
}
function taken(result: ReturnType<Slots['acquire']>): Slot {
  if (result instanceof Promise || 'refused' in result) throw new Error('There should be a free place')
  return result
}
/** Asks and notes its name when its turn comes. */
function inLine(slots: Slots, limit: number, name: string, order: string[]): Promise<Slot | NoSlot> {
  const result = ask(slots, limit)
  if (!(result instanceof Promise)) throw new Error(`${name} should wait`)
  return result.then((slot) => {
    order.push(name)
    return slot
  })
}
function release(slot: Slot | NoSlot): void {
  if ('refused' in slot) throw new Error('It should have got a place')
  slot.release()
}

describe('a place', () => {
  test('is there at once, without a promise, until the limit is reached', () => {
    const slots = createSlots()
    taken(ask(slots, 2))
    taken(ask(slots, 2))
    expect(ask(slots, 2, { maxWaitMs: 0 })).toEqual({ refused: 'full', waitedMs: 0 })
    expect(slots.counts('wh_1')).toEqual({ active: 2, waiting: 0 })
  })

  test('is given back once, however often that is called', () => {
    const slots = createSlots()
    const [one] = [taken(ask(slots, 2)), taken(ask(slots, 2))]
    one.release()
    one.release()
    expect(slots.counts('wh_1')).toEqual({ active: 1, waiting: 0 })
  })

  test('of one webhook is none of another', () => {
    const slots = createSlots()
    taken(ask(slots, 1))
    taken(ask(slots, 1, { key: 'wh_2' }))
    expect(slots.counts('wh_2')).toEqual({ active: 1, waiting: 0 })
  })
})

describe('the line', () => {
  test('is served first come, first served', async () => {
    const slots = createSlots()
    const order: string[] = []
    const first = taken(ask(slots, 1))
    const waiting = ['a', 'b', 'c'].map((name) => inLine(slots, 1, name, order))
    first.release()
    for (const one of waiting) release(await one)
    expect(order).toEqual(['a', 'b', 'c'])
    expect(slots.counts('wh_1')).toEqual({ active: 0, waiting: 0 })
  })

  test('comes before whoever asks later, even before it was told', async () => {
    const slots = createSlots()
    const order: string[] = []
    const first = taken(ask(slots, 1))
    const early = inLine(slots, 1, 'early', order)
    first.release()
    const late = inLine(slots, 1, 'late', order)
    release(await early)
    release(await late)
    expect(order).toEqual(['early', 'late'])
  })

  test('ends after the longest wait, and says how long that was', async () => {
    const slots = createSlots()
    const first = taken(ask(slots, 1))
    const result = await ask(slots, 1, { maxWaitMs: 5 })
    expect(result).toEqual({ refused: 'full', waitedMs: expect.any(Number) })
    expect(slots.counts('wh_1')).toEqual({ active: 1, waiting: 0 })
    first.release()
    taken(ask(slots, 1))
  })

  test('ends with the signal, also one that was given before', async () => {
    const slots = createSlots()
    taken(ask(slots, 1))
    const stop = new AbortController()
    const waiting = ask(slots, 1, { abort: stop.signal })
    stop.abort()
    expect(await waiting).toMatchObject({ refused: 'aborted' })
    expect(await ask(slots, 1, { abort: stop.signal })).toMatchObject({ refused: 'aborted' })
    expect(slots.counts('wh_1')).toEqual({ active: 1, waiting: 0 })
  })

  test('is bounded: who comes beyond is refused at once', async () => {
    const slots = createSlots()
    const stop = new AbortController()
    taken(ask(slots, 1))
    const waiting = Array.from({ length: 16 }, () => ask(slots, 1, { abort: stop.signal }))
    expect(ask(slots, 1)).toEqual({ refused: 'full', waitedMs: 0 })
    stop.abort()
    expect(await Promise.all(waiting)).toHaveLength(16)
  })
})

describe('another limit', () => {
  test('that is lower holds although others wait', async () => {
    const slots = createSlots()
    const order: string[] = []
    const held = [1, 2, 3].map(() => taken(ask(slots, 3)))
    const waiting = [inLine(slots, 3, 'a', order), inLine(slots, 1, 'b', order)]
    held[0]?.release()
    held[1]?.release()
    expect(slots.counts('wh_1')).toEqual({ active: 1, waiting: 2 })
    held[2]?.release()
    for (const one of waiting) release(await one)
    expect(order).toEqual(['a', 'b'])
  })

  test('that is higher lets those in line go first', async () => {
    const slots = createSlots()
    const order: string[] = []
    taken(ask(slots, 1))
    const waiting = [inLine(slots, 1, 'a', order), inLine(slots, 1, 'b', order)]
    const late = inLine(slots, 3, 'late', order)
    expect(slots.counts('wh_1')).toEqual({ active: 3, waiting: 1 })
    release(await (waiting[0] as Promise<Slot>))
    await Promise.all([...waiting, late])
    expect(order).toEqual(['a', 'b', 'late'])
  })
})

test('any row of asking, giving back and stopping keeps the limit, the order and the counts', async () => {
  const step = fc.record({
    what: fc.constantFrom('ask', 'release', 'abort'),
    limit: fc.integer({ min: 1, max: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const slots = createSlots()
      const held: Slot[] = []
      const line: { number: number; stop: AbortController; end: Promise<void> }[] = []
      const served: number[] = []
      for (const [number, { what, limit }] of steps.entries()) {
        const before = slots.counts('wh_1').active
        if (what === 'ask') {
          const stop = new AbortController()
          const result = ask(slots, limit, { abort: stop.signal })
          if (result instanceof Promise) {
            const end = result.then((slot) => {
              if ('refused' in slot) return
              served.push(number)
              held.push(slot)
            })
            line.push({ number, stop, end })
          } else if (!('refused' in result)) {
            // Whoever is let in at once finds nobody waiting.
            expect(slots.counts('wh_1').waiting).toBe(0)
            held.push(result)
          }
          expect(slots.counts('wh_1').active).toBeLessThanOrEqual(Math.max(before, limit))
        } else if (what === 'release') {
          held.shift()?.release()
          expect(slots.counts('wh_1').active).toBeLessThanOrEqual(before)
        } else {
          line.pop()?.stop.abort()
        }
        await Promise.resolve()
        await Promise.resolve()
        expect(slots.counts('wh_1').active).toBe(held.length)
      }
      for (const { stop } of line) stop.abort()
      await Promise.all(line.map(({ end }) => end))
      expect(served).toEqual(served.toSorted((one, other) => one - other))
      for (const slot of held) slot.release()
      expect(slots.counts('wh_1')).toEqual({ active: 0, waiting: 0 })
    }),
  )
})
