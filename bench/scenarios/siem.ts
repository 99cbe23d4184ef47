import { startPostgres } from '../../packages/server/test/support/embedded-postgres.ts'
import { findFluentBit, withoutFluentBit } from '../../test/support/fluent-bit.ts'
import type { Scenario } from '../scenario.ts'
import { startChild, startKeyhook } from '../support/child.ts'
import { benchLines, shipByFluentBit } from '../support/fluent-bit.ts'
import { type JobQueue, startBullmq, startPgBoss } from '../support/job-queues.ts'
import { createNotes } from '../support/notes.ts'
import { addStream, append, countOf, untilCount } from '../support/stream.ts'

/** One POST for each event, against a job for each event. */
export const siem: Scenario = {
  name: 'siem',
  about:
    'events per second on PostgreSQL from the append to the acknowledged POST, one event in each, 32 under way at a time. ' +
    'Baselines: a job for each event in BullMQ (Redis with `appendfsync always`) and in pg-boss, appended by the thousand too',
  goal: 'at least 2 x BullMQ and 5 x pg-boss',
  async run({ runs, quick, progress }) {
    const count = quick ? 500 : 10_000
    const postgres = await startPostgres(3966)
    const receiver = await startChild('./counting-receiver-program.ts', [], {})
    const keyhook = await startKeyhook(await postgres.database('keyhook'))
    const queues: JobQueue[] = []
    try {
      const bullmq = await startBullmq(receiver.url)
      if (bullmq) queues.push(bullmq)
      else progress('redis-server is not installed: without BullMQ')
      queues.push(await startPgBoss(await postgres.database('pgboss'), receiver.url))
      await addStream(keyhook.url, receiver.url, { event_types: ['CUSTOM_*'], batch_wait_ms: 0 })
      const sides: Record<string, (events: number) => Promise<void>> = {
        keyhook: (events) => append(keyhook.url, events),
      }
      for (const { name, add } of queues) sides[name] = add
      const { note, measures } = createNotes()
      for (let run = 0; run <= runs; run++) {
        if (run > 0) progress(`run ${run} of ${runs}`)
        const rates: Record<string, number> = {}
        for (const [name, add] of Object.entries(sides)) {
          // The first round warms up. pg-boss is slow: fewer tell its rate as well.
          const events = run === 0 ? 200 : name === 'pg-boss' ? Math.ceil(count / 10) : count
          const before = (await countOf(receiver.url)).events
          const startedAt = performance.now()
          await Promise.all([add(events), untilCount(receiver.url, before + events)])
          rates[name] = (events * 1_000) / (performance.now() - startedAt)
          if (run > 0) note(`${name} /s`, rates[name] ?? 0)
        }
        for (const { name } of queues)
          if (run > 0) note(`keyhook / ${name} x`, (rates.keyhook ?? 0) / (rates[name] ?? 0))
      }
      return measures()
    } finally {
      for (const part of [...queues, keyhook, receiver, postgres]) await part.stop()
    }
  },
}

/** Batches of a hundred. */
export const siemBatched: Scenario = {
  name: 'siem-batched',
  about:
    'events per second on PostgreSQL in batches of 100: `drained` from a backlog that is in the log already, `live` from the ' +
    'append by the API to the acknowledged POST. Baseline, where there is one: Fluent Bit ships as many of the same events from ' +
    'a file to the same receiver, in POSTs as large as it makes them',
  goal: 'at least 20,000 events/s',
  async run({ runs, quick, progress }) {
    const count = quick ? 2_000 : 100_000
    const postgres = await startPostgres(3967)
    const receiver = await startChild('./counting-receiver-program.ts', [], {})
    const keyhook = await startKeyhook(await postgres.database('keyhook'))
    try {
      const settings = { event_types: ['CUSTOM_*'], batch_events: 100, batch_wait_ms: 50 }
      await addStream(keyhook.url, receiver.url, settings)
      const { note, measures } = createNotes()
      const fluentBit = findFluentBit()
      if (fluentBit === null) progress(`without the comparison with Fluent Bit: ${withoutFluentBit}`)
      let streams = 1
      await append(keyhook.url, 1_000)
      await untilCount(receiver.url, 1_000)
      for (let run = 1; run <= runs; run++) {
        progress(`run ${run} of ${runs}`)
        const before = (await countOf(receiver.url)).events
        const startedAt = performance.now()
        await append(keyhook.url, count)
        await untilCount(receiver.url, before + count * streams)
        note('live /s', (count * streams * 1_000) / (performance.now() - startedAt))
        // A new webhook from the beginning of the log has all of it as its backlog.
        const known = (await countOf(receiver.url)).events
        const backlog = 1_000 + count * run
        const drainedAt = performance.now()
        await addStream(keyhook.url, receiver.url, { ...settings, start: 'beginning' })
        streams += 1
        await untilCount(receiver.url, known + backlog)
        const drained = (backlog * 1_000) / (performance.now() - drainedAt)
        note('drained /s', drained)
        if (fluentBit === null) continue
        const lines = await benchLines(keyhook.url, count)
        const { milliseconds, posts, events } = await shipByFluentBit(fluentBit, lines, count, receiver.url)
        const shipped = (count * 1_000) / milliseconds
        progress(`Fluent Bit: ${events} events in ${posts} POSTs`)
        note('fluent-bit /s', shipped)
        note('drained / fluent-bit x', drained / shipped)
      }
      return measures()
    } finally {
      for (const part of [keyhook, receiver, postgres]) await part.stop()
    }
  },
}
