/** Durations as forms hold them: a count and its unit, because nobody thinks in seconds. Pure. */
import { inUnits, type LengthUnit, unitSeconds } from '../components/access-length.ts'

export type Duration = { count: number | ''; unit: LengthUnit }
export type OptionalDuration = Duration & { on: boolean }

/** For a switch that is off: what it shows once it is on. */
export function optionalDuration(seconds: number | null, otherwise: number): OptionalDuration {
  return { on: seconds !== null, ...inUnits(seconds ?? otherwise) }
}

/** An emptied count is 0, which the server refuses with a sentence. */
export function secondsOf({ count, unit }: Duration): number {
  return Math.round(Number(count) * unitSeconds[unit])
}

export function optionalSeconds(duration: OptionalDuration): number | null {
  return duration.on ? secondsOf(duration) : null
}
