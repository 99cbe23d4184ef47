/** `npm run bench -- [scenario ...] [--runs N] [--rows N] [--quick] [--json]`: runs scenarios and prints their figures as a table. */
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { type Measure, type Scenario, spreadOf } from './scenario.ts'
import { append } from './scenarios/append.ts'
import { catchUp } from './scenarios/catch-up.ts'
import { expiry } from './scenarios/expiry.ts'
import { growth } from './scenarios/growth.ts'
import { hostile } from './scenarios/hostile.ts'
import { invoke } from './scenarios/invoke.ts'
import { latency } from './scenarios/latency.ts'
import { logGrowth } from './scenarios/log-growth.ts'
import { neighbour } from './scenarios/neighbour.ts'
import { requestGrowth } from './scenarios/request-growth.ts'
import { requests } from './scenarios/requests.ts'
import { siem, siemBatched } from './scenarios/siem.ts'
import { start } from './scenarios/start.ts'

const scenarios: readonly Scenario[] = [
  start,
  invoke,
  latency,
  neighbour,
  growth,
  hostile,
  requests,
  expiry,
  requestGrowth,
  siem,
  siemBatched,
  append,
  catchUp,
  logGrowth,
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    rows: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const unknown = positionals.filter((name) => !scenarios.some((scenario) => scenario.name === name))
const runs = Number(values.runs)
const rows = values.rows === undefined ? null : Number(values.rows)
const isCount = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most
if (unknown.length > 0 || !isCount(runs, 100) || (rows !== null && !isCount(rows, 100_000_000))) {
  process.stderr.write(
    `usage: npm run bench -- [scenario ...] [--runs 1..100] [--rows 1..100000000] [--quick] [--json]\nscenarios: ${scenarios.map((s) => s.name).join(', ')}\n`,
  )
  process.exit(2)
}

const chosen = scenarios.filter((scenario) => positionals.length === 0 || positionals.includes(scenario.name))
const results: { scenario: string; goal: string; measures: (Measure & ReturnType<typeof spreadOf>)[] }[] = []
for (const scenario of chosen) {
  const progress = (text: string) => process.stderr.write(`${scenario.name}: ${text}\n`)
  const measures = await scenario.run({ runs, rows, quick: values.quick, progress })
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
