/** Which events go into which POST. Pure. */
import type { PlannedBatch } from '../db/stream-schema.ts'
import { streamOf } from '../webhooks/stream-settings.ts'
import type { WebhookSettings } from '../webhooks/webhook-settings.ts'

/** Events planned at a time at most, whatever their batches: what is planned is in memory. */
const maxWindowEvents = 20_000
/** POSTs planned for each that is under way at a time: enough to keep all places busy until the slowest is back. */
const windowFactor = 4

type WindowSettings = Pick<WebhookSettings, 'concurrencyLimit' | 'stream'>
export type WindowSize = { readonly posts: number; readonly concurrent: number }

/** How many POSTs are planned and under way at a time. Within a window the order may change, between windows it holds. */
export function windowSize(settings: WindowSettings): WindowSize {
  const { batch_events, strict_order } = streamOf(settings)
  if (strict_order) return { posts: 1, concurrent: 1 }
  const posts = Math.max(1, Math.floor(maxWindowEvents / batch_events))
  return {
    posts: Math.min(settings.concurrencyLimit * windowFactor, posts),
    concurrent: Math.min(settings.concurrencyLimit, posts),
  }
}

/** Positions in their order as spans, both ends included. */
export function runsOf(positions: readonly number[]): [first: number, last: number][] {
  const runs: [number, number][] = []
  for (const position of positions) {
    const last = runs.at(-1)
    if (last && last[1] === position - 1) last[1] = position
    else runs.push([position, position])
  }
  return runs
}

export function positionsOf(runs: readonly (readonly [first: number, last: number])[]): number[] {
  return runs.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  )
}

/** Positions in their order as batches of one window, which ends at `window`, that were not tried yet. */
export function planBatches(
  positions: readonly number[],
  { size, window }: { size: number; window: number },
  newId: () => string,
): PlannedBatch[] {
  const batches: PlannedBatch[] = []
  for (let from = 0; from < positions.length; from += size)
    batches.push(untried(newId(), positions.slice(from, from + size), { window, suspect: false }))
  return batches
}

/** Of what is planned, the window that comes first: the next one begins when all of this one is dealt with. */
export function firstWindow(planned: readonly PlannedBatch[]): PlannedBatch[] {
  return planned.filter(({ window }) => window === planned[0]?.window)
}

/** Two halves of a batch of at least two events. `suspect`: one of its events is refused, and which one is not known. */
export function splitBatch(
  batch: PlannedBatch,
  newId: () => string,
  { suspect }: { suspect: boolean },
): [PlannedBatch, PlannedBatch] {
  const positions = positionsOf(batch.runs)
  const middle = Math.ceil(positions.length / 2)
  const part = { window: batch.window, suspect }
  return [untried(newId(), positions.slice(0, middle), part), untried(newId(), positions.slice(middle), part)]
}

function untried(
  id: string,
  positions: readonly number[],
  { window, suspect }: { window: number | undefined; suspect: boolean },
): PlannedBatch {
  const batch = { id, runs: runsOf(positions), count: positions.length, attempts: 0, refusals: 0, suspect }
  return window === undefined ? batch : { ...batch, window }
}

/** Every entry up to here is dealt with when these batches are still planned of a window that ends at `windowEnd`. */
export function positionBefore(planned: readonly PlannedBatch[], windowEnd: number): number {
  const firsts = planned.flatMap(({ runs }) => (runs[0] ? [runs[0][0]] : []))
  return firsts.length === 0 ? windowEnd : Math.min(...firsts) - 1
}
