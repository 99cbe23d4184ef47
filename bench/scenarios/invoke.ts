import { startPostgres } from '../../packages/server/test/support/embedded-postgres.ts'
import type { Scenario } from '../scenario.ts'
import { startChild, startKeyhook } from '../support/child.ts'
import { cpuMs } from '../support/cpu.ts'
import { callRepeatedly, type Target } from '../support/load.ts'
import { benchPayload, invokable } from '../support/webhook.ts'

const callers = 32

/** Invokes through the API with both durable writes, against the plain way and against no record at all. */
export const invoke: Scenario = {
  name: 'invoke',
  about:
    '32 concurrent callers. `plain`: a Fastify route with global fetch and two committed inserts on the same PostgreSQL. ' +
    '`undici`: the callers call the receiver themselves and record nothing. `undici behind Fastify`: the same from a route.',
  goal: 'on PostgreSQL at least 3 x plain and 0.35 x undici',
  async run({ runs, progress, quick }) {
    const seconds = quick ? 0.5 : 4
    const postgres = await startPostgres(3961)
    const receiver = await startChild('./receiver-program.ts', [], {})
    const plain = await startChild('./plain-program.ts', [receiver.url], {
      DATABASE_URL: await postgres.database('plain'),
    })
    const unrecorded = await startChild('./plain-program.ts', [receiver.url, 'unrecorded'], {})
    const onPostgres = await startKeyhook(await postgres.database('keyhook'))
    const onPGlite = await startKeyhook(null)
    try {
      const sides: Record<string, Target> = {
        'keyhook on PostgreSQL': await invokable(onPostgres.url, receiver.url),
        'keyhook on PGlite': await invokable(onPGlite.url, receiver.url),
        plain: { url: `${plain.url}/invoke`, body: benchPayload },
        undici: { url: receiver.url, body: benchPayload },
        'undici behind Fastify': { url: `${unrecorded.url}/invoke`, body: benchPayload },
      }
      const rates = new Map<string, number[]>(Object.keys(sides).map((name) => [name, []]))
      for (const target of Object.values(sides)) await callRepeatedly(target, callers, 1)
      const servers: Record<string, number> = {
        'keyhook on PostgreSQL': onPostgres.pid,
        'keyhook on PGlite': onPGlite.pid,
        plain: plain.pid,
        'undici behind Fastify': unrecorded.pid,
      }
      const cpu = new Map<string, number[]>(Object.keys(servers).map((name) => [name, []]))
      // The sides take turns, so that a slow moment of the machine meets all of them.
      for (let run = 1; run <= runs; run++) {
        progress(`run ${run} of ${runs}`)
        for (const [name, target] of Object.entries(sides)) {
          const before = cpuMs(servers[name] ?? 0)
          const load = await callRepeatedly(target, callers, seconds)
          rates.get(name)?.push(load.rate)
          cpu.get(name)?.push((cpuMs(servers[name] ?? 0) - before) / load.latencies.length)
        }
      }
      const ratio = (side: string, baseline: string) => ({
        name: `${side} / ${baseline}`,
        unit: 'x' as const,
        values: (rates.get(side) ?? []).map((rate, run) => rate / (rates.get(baseline)?.[run] ?? Number.NaN)),
      })
      return [
        ...[...rates].map(([name, values]) => ({ name, unit: '/s' as const, values })),
        ...[...cpu].map(([name, values]) => ({ name: `${name}: CPU per call`, unit: 'ms' as const, values })),
        ratio('keyhook on PostgreSQL', 'plain'),
        ratio('keyhook on PostgreSQL', 'undici'),
        ratio('keyhook on PostgreSQL', 'undici behind Fastify'),
        ratio('keyhook on PGlite', 'plain'),
        ratio('keyhook on PGlite', 'undici'),
      ]
    } finally {
      for (const part of [onPostgres, onPGlite, plain, unrecorded, receiver, postgres]) await part.stop()
    }
  },
}
