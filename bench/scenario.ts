/** What a scenario is and how its figures are told. */

/** Values of one measure over the runs, in run order. `unit` is `ms`, `/s`, `MiB` or `x` for a ratio. */
export type Measure = {
  readonly name: string
  readonly unit: 'ms' | '/s' | 'MiB' | 'x'
  readonly values: readonly number[]
}

export type Scenario = {
  readonly name: string
  /** One sentence: what is measured, against what. */
  readonly about: string
  /** What we aim at, in words, as the table shows it. */
  readonly goal: string
  run(options: ScenarioOptions): Promise<Measure[]>
}

export type ScenarioOptions = {
  /** How often each side is measured. */
  readonly runs: number
  /** Only to see that it works: little time, few rows. The figures mean nothing then. */
  readonly quick: boolean
  /** How many of what is stored are many; null: as the scenario has it. */
  readonly rows: number | null
  /** Said while the scenario works. */
  readonly progress: (text: string) => void
}

export type Spread = { readonly min: number; readonly median: number; readonly max: number }

/** Minimum, median and maximum of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor((sorted.length - 1) / 2)
  const upper = Math.ceil((sorted.length - 1) / 2)
  return {
    min: sorted[0] ?? Number.NaN,
    median: ((sorted[middle] ?? Number.NaN) + (sorted[upper] ?? Number.NaN)) / 2,
    max: sorted.at(-1) ?? Number.NaN,
  }
}
