/** Every scenario of the bench runs and prints figures. What they are is not judged here: machines are shared. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../bench/run.ts', import.meta.url))

/** `start` and `invoke` take longest, and what they use is used by the others too. */
const scenarios = [
  'latency',
  'neighbour',
  'growth',
  'hostile',
  'expiry',
  'request-growth',
  'append',
  'catch-up',
  'log-growth',
]

test('each scenario measures something', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    '--quick',
    '--runs',
    '1',
    '--json',
    ...scenarios,
  ])
  const { results } = JSON.parse(stdout) as {
    results: { scenario: string; measures: { name: string; values: number[]; median: number }[] }[]
  }
  expect(results.map(({ scenario }) => scenario)).toEqual([...scenarios])
  for (const { scenario, measures } of results) {
    expect(measures.length, scenario).toBeGreaterThan(0)
    for (const { name, values, median } of measures) {
      expect(values.length, `${scenario}: ${name}`).toBe(1)
      expect(Number.isFinite(median), `${scenario}: ${name}`).toBe(true)
    }
  }
}, 600_000)
