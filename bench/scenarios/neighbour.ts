import { startPostgres } from '../../packages/server/test/support/embedded-postgres.ts'
import type { Scenario } from '../scenario.ts'
import { startChild, startKeyhook } from '../support/child.ts'
import { callRepeatedly, percentile } from '../support/load.ts'
import { invokable } from '../support/webhook.ts'

const callers = 4
const hangingCallers = 32

/** Whether a receiver that hangs slows another webhook. */
export const neighbour: Scenario = {
  name: 'neighbour',
  about: `${callers} callers of a good webhook, alone and while ${hangingCallers} callers wait for another one whose receiver never answers.`,
  goal: 'p99 of the good one below 1.2 x its p99 alone',
  async run({ runs, progress, quick }) {
    const seconds = quick ? 0.5 : 4
    const postgres = await startPostgres(3963)
    const receiver = await startChild('./receiver-program.ts', [], {})
    const silent = await startChild('./hostile-program.ts', [], {})
    const keyhook = await startKeyhook(await postgres.database('keyhook'))
    try {
      const good = await invokable(keyhook.url, receiver.url)
      const hanging = await invokable(keyhook.url, new URL('silent', silent.url).href, {
        time_limit_ms: 2_000,
        circuit_breaker: null,
      })
      await callRepeatedly(good, callers, seconds)
      const alone: number[] = []
      const beside: number[] = []
      for (let run = 1; run <= runs; run++) {
        progress(`run ${run} of ${runs}`)
        alone.push(percentile((await callRepeatedly(good, callers, seconds)).latencies, 0.99))
        const waiting = callRepeatedly(hanging, hangingCallers, seconds)
        beside.push(percentile((await callRepeatedly(good, callers, seconds)).latencies, 0.99))
        await waiting
      }
      return [
        { name: 'p99 alone', unit: 'ms', values: alone },
        { name: 'p99 beside a hanging one', unit: 'ms', values: beside },
        {
          name: 'beside / alone',
          unit: 'x',
          values: beside.map((value, run) => value / (alone[run] ?? Number.NaN)),
        },
      ]
    } finally {
      for (const part of [keyhook, receiver, silent, postgres]) await part.stop()
    }
  },
}
