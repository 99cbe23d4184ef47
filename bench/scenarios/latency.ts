import { Client } from 'pg'
import { startPostgres } from '../../packages/server/test/support/embedded-postgres.ts'
import type { Scenario } from '../scenario.ts'
import { startChild, startKeyhook } from '../support/child.ts'
import { callRepeatedly, percentile, type Target } from '../support/load.ts'
import { benchPayload, invokable } from '../support/webhook.ts'

/** What one call alone costs more than calling the receiver directly. */
export const latency: Scenario = {
  name: 'latency',
  about:
    'One caller, nobody else: the median of invoke less that of undici calling the receiver, beside one commit.',
  goal: 'on PostgreSQL the added median is below 2 ms plus one commit',
  async run({ runs, progress, quick }) {
    const seconds = quick ? 0.5 : 3
    const postgres = await startPostgres(3962)
    const receiver = await startChild('./receiver-program.ts', [], {})
    const onPostgres = await startKeyhook(await postgres.database('keyhook'))
    const onPGlite = await startKeyhook(null)
    const database = new Client({ connectionString: await postgres.database('commits') })
    await database.connect()
    await database.query('create table rows (id serial primary key, payload bytea)')
    try {
      const sides: Record<string, Target> = {
        undici: { url: receiver.url, body: benchPayload },
        'keyhook on PostgreSQL': await invokable(onPostgres.url, receiver.url),
        'keyhook on PGlite': await invokable(onPGlite.url, receiver.url),
      }
      const medians = new Map<string, number[]>(
        [...Object.keys(sides), 'one commit'].map((name) => [name, []]),
      )
      const late = new Map<string, number[]>(Object.keys(sides).map((name) => [name, []]))
      for (const target of Object.values(sides)) await callRepeatedly(target, 1, seconds)
      for (let run = 1; run <= runs; run++) {
        progress(`run ${run} of ${runs}`)
        for (const [name, target] of Object.entries(sides)) {
          const { latencies } = await callRepeatedly(target, 1, seconds)
          medians.get(name)?.push(percentile(latencies, 0.5))
          late.get(name)?.push(percentile(latencies, 0.99))
        }
        medians.get('one commit')?.push(await medianCommit(database, seconds))
      }
      const added = (side: string) => ({
        name: `${side}: added median`,
        unit: 'ms' as const,
        values: (medians.get(side) ?? []).map(
          (value, run) => value - (medians.get('undici')?.[run] ?? Number.NaN),
        ),
      })
      return [
        ...[...medians].map(([name, values]) => ({ name: `${name}: median`, unit: 'ms' as const, values })),
        ...[...late].map(([name, values]) => ({ name: `${name}: p99`, unit: 'ms' as const, values })),
        added('keyhook on PostgreSQL'),
        added('keyhook on PGlite'),
      ]
    } finally {
      await database.end()
      for (const part of [onPostgres, onPGlite, receiver, postgres]) await part.stop()
    }
  },
}

async function medianCommit(database: Client, seconds: number): Promise<number> {
  const payload = Buffer.from(benchPayload)
  const times: number[] = []
  const ends = performance.now() + seconds * 1_000
  while (performance.now() < ends) {
    const began = performance.now()
    await database.query('insert into rows (payload) values ($1)', [payload])
    times.push(performance.now() - began)
  }
  return percentile(
    times.sort((a, b) => a - b),
    0.5,
  )
}
