import type { EventRead } from '@keyhook/contract/api/event.ts'
import { expect, test } from 'vitest'
import { type LiveEntries, liveAfter, liveFrom, mostLive } from '../src/components/live-entries.ts'

const entry = (position: number) => ({ id: `evt_${position}`, position }) as EventRead
const comes = (live: LiveEntries, position: number, atTop = true) =>
  liveAfter(live, { kind: 'entry', entry: entry(position), atTop })
const positions = (entries: readonly EventRead[]) => entries.map(({ position }) => position)

test('New entries come in at the top, each once', () => {
  let live = liveFrom(10)
  for (const position of [11, 13, 13, 12, 14]) live = comes(live, position)
  expect(positions(live.shown)).toEqual([14, 13, 11])
  expect(live.last).toBe(14)
})

test('While one reads farther down they wait, those that come afterwards too, until they are asked for', () => {
  let live = comes(liveFrom(0), 1)
  live = comes(live, 2, false)
  live = comes(live, 3, true)
  expect(positions(live.shown)).toEqual([1])
  expect(positions(live.waiting)).toEqual([3, 2])
  live = liveAfter(live, { kind: 'show' })
  expect(positions(live.shown)).toEqual([3, 2, 1])
  expect(live.waiting).toEqual([])
})

test('A page keeps no more than it can show, and says that there was more', () => {
  let live = liveFrom(0)
  for (let position = 1; position <= mostLive; position++) live = comes(live, position)
  expect(live.gap).toBe(false)
  live = comes(live, mostLive + 1)
  expect(live.gap).toBe(true)
  expect(live.shown).toHaveLength(mostLive)
  expect(live.shown[0]?.position).toBe(mostLive + 1)
})

test('Who was signed out is not connected again', () => {
  const out = liveAfter(liveFrom(0), { kind: 'state', state: 'signed_out' })
  expect(liveAfter(out, { kind: 'state', state: 'reconnecting' }).state).toBe('signed_out')
})
