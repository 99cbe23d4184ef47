/** Values as runs note them, and the measures that they are in the end. */
import type { Measure } from '../scenario.ts'

export type Notes = {
  /** One value of a run. `label`: the name of the measure and, behind its last space, its unit. */
  note(label: string, value: number): void
  measures(): Measure[]
}

export function createNotes(): Notes {
  const values = new Map<string, number[]>()
  return {
    note: (label, value) => void values.set(label, [...(values.get(label) ?? []), value]),
    measures: () =>
      [...values].map(([label, found]) => {
        const [, name = '', unit = ''] = /^(.*) (\S+)$/.exec(label) ?? []
        return { name, unit: unit as Measure['unit'], values: found }
      }),
  }
}

/**
 * Times that were noted as `<name>, few` and `<name>, many`, both in the same runs: the medians, and for each of `names`
 * how many times longer it took with many.
 */
export function growthMeasures(
  times: ReadonlyMap<string, readonly number[]>,
  names: readonly string[],
): Measure[] {
  return [
    ...[...times].map(([name, values]) => ({ name: `${name}: median`, unit: 'ms' as const, values })),
    ...names.map((name) => ({
      name: `${name}: many / few`,
      unit: 'x' as const,
      values: (times.get(`${name}, many`) ?? []).map(
        (value, run) => value / (times.get(`${name}, few`)?.[run] ?? Number.NaN),
      ),
    })),
  ]
}
