/** `npm run bench -- [scenario ...] [--runs N] [--json]`: runs scenarios and prints their figures as a table. */
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { type Measure, type Scenario, spreadOf } from './scenario.ts'
import { invoke } from './scenarios/invoke.ts'
import { start } from './scenarios/start.ts'

const scenarios: readonly Scenario[] = [start, invoke]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } },
})
const unknown = positionals.filter((name) => !scenarios.some((scenario) => scenario.name === name))
const runs = Number(values.runs)
if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1 || runs > 100) {
  process.stderr.write(
    `usage: npm run bench -- [scenario ...] [--runs 1..100] [--json]\nscenarios: ${scenarios.map((s) => s.name).join(', ')}\n`,
  )
  process.exit(2)
}

const chosen = scenarios.filter((scenario) => positionals.length === 0 || positionals.includes(scenario.name))
const results: { scenario: string; goal: string; measures: (Measure & ReturnType<typeof spreadOf>)[] }[] = []
for (const scenario of chosen) {
  const progress = (text: string) => process.stderr.write(`${scenario.name}: ${text}\n`)
  const measures = await scenario.run({ runs, progress })
  results.push({
    scenario: scenario.name,
    goal: scenario.goal,
    measures: measures.map((measure) => ({ ...measure, ...spreadOf(measure.values) })),
  })
  if (!values.json) print(scenario, measures)
}
const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
process.stdout.write(
  values.json ? `${JSON.stringify({ machine, results }, null, 2)}\n` : `\nMachine: ${machine}\n`,
)

function print(scenario: Scenario, measures: Measure[]): void {
  const rows = measures.map((measure) => {
    const { min, median, max } = spreadOf(measure.values)
    return [`${measure.name} (${measure.unit})`, ...[min, median, max].map(shown)]
  })
  process.stdout.write(`\n${scenario.name}: ${scenario.about}\nGoal: ${scenario.goal}\n\n`)
  process.stdout.write('| measure | min | median | max |\n| --- | ---: | ---: | ---: |\n')
  for (const row of rows) process.stdout.write(`| ${row.join(' | ')} |\n`)
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
}
