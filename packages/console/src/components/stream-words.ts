/** The stream of a SIEM webhook in words. Pure. */
import type { ReplayRead, StreamRead } from '@keyhook/contract/api/stream.ts'
import { describeDuration } from '@keyhook/contract/retry-policy.ts'
import type { Tone } from '../ui/pill.tsx'

type State = StreamRead['state']

export const stateLabels: Readonly<Record<State, string>> = {
  running: 'Running',
  paused: 'Paused',
  failing: 'Failing',
  disabled: 'Disabled',
}
export const stateTones: Readonly<Record<State, Tone>> = {
  running: 'good',
  paused: 'warn',
  failing: 'bad',
  disabled: 'quiet',
}

const dayMs = 86_400_000

/** How long in one or two units: `12 s`, `3 min`, `2 h 5 min`, `8 days`. */
export function spanWords(seconds: number): string {
  const ms = Math.round(seconds) * 1_000
  if (ms < 1_000) return 'under 1 s'
  return ms < 2 * dayMs ? describeDuration(ms) : `${Math.round(ms / dayMs)} days`
}

/** `1 event`, `12,480 events`. */
export function eventCount(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'event' : 'events'}`
}

/** Events per second, without figures that say nothing. */
export function rateWords(rate: number): string {
  if (rate === 0) return '–'
  if (rate < 0.1) return 'under 0.1 / s'
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en')} / s`
}

/** When it has caught up; nothing to say when it has, or when nobody knows. */
export function estimateWords({ lag_events, estimate_seconds, state }: StreamRead): string {
  if (lag_events === 0) return 'Up to date'
  if (state === 'paused') return 'Once it is resumed'
  return estimate_seconds === null ? 'Not known' : `In ${spanWords(estimate_seconds)}`
}

/** How much of a range was sent again. */
export function replayCounts({ from_position, to_position, position }: ReplayRead): {
  done: number
  total: number
} {
  return { done: Math.max(0, position - from_position + 1), total: to_position - from_position + 1 }
}
