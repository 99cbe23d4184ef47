import { setTimeout as sleep } from 'node:timers/promises'
import { type EventCreate, eventCreate } from '../../packages/contract/src/api/event.ts'
import { appendCustomEvents } from '../../packages/server/src/events/custom-event-store.ts'
import { startPostgres } from '../../packages/server/test/support/embedded-postgres.ts'
import type { Scenario } from '../scenario.ts'
import { createNotes } from '../support/notes.ts'
import { appendPlainly, createPlainLog } from '../support/plain-log.ts'
import { startInProcess } from '../support/service.ts'
import { benchEvent } from '../support/stream.ts'

/** Events in a transaction, how many write at a time, and how many are measured. */
const shapes = [
  { size: 1, writers: 8, events: 10_000 },
  { size: 100, writers: 4, events: 50_000 },
  { size: 1_000, writers: 2, events: 50_000 },
] as const

/** What the chain costs those who write. */
export const append: Scenario = {
  name: 'append',
  about:
    'events per second into the activity log, below the API, in the process of the bench, on PostgreSQL: 1, 100 or 1,000 events ' +
    'in a transaction, 8, 4 or 2 writers. `chained`: `appendCustomEvents` into the inbox while the sequencer numbers, chains ' +
    'and moves them, until the inbox is empty. `plain`: one insert, as one parameter too, straight into a table with the ' +
    'columns, the ten indexes and the partitions of `events`, its words and target ids made the same way, numbered by the ' +
    'database, a text of 128 digits in place of the hash; until the last commit',
  goal: 'chained at least 0.7 x plain',
  async run({ runs, quick, progress }) {
    const postgres = await startPostgres(3970)
    const service = await startInProcess(await postgres.database('keyhook'))
    const { db } = service.ctx
    try {
      await createPlainLog(db)
      const sides = {
        chained: {
          write: async (events: readonly EventCreate[]) => {
            await db.transaction().execute((tx) => appendCustomEvents(tx, Date.now(), events))
          },
          async settled() {
            while (await db.selectFrom('event_inbox').select('seq').limit(1).executeTakeFirst())
              await sleep(5)
          },
        },
        plain: { write: (events: readonly EventCreate[]) => appendPlainly(db, events), async settled() {} },
      }
      const { note, measures } = createNotes()
      for (let run = 0; run <= runs; run++) {
        if (run > 0) progress(`run ${run} of ${runs}`)
        for (const { size, writers, events } of shapes) {
          // The first round warms up.
          const warmUp = quick ? Math.max(100, size) : 4_000
          const count = quick || run === 0 ? warmUp : events
          const rates: Record<string, number> = {}
          // Each is first in every other run.
          const order = run % 2 === 0 ? (['plain', 'chained'] as const) : (['chained', 'plain'] as const)
          for (const name of order) {
            const side = sides[name]
            const batches = batchesOf(count, size)
            const startedAt = performance.now()
            await Promise.all(Array.from({ length: writers }, () => writeAll(batches, side.write)))
            await side.settled()
            rates[name] = (count * 1_000) / (performance.now() - startedAt)
          }
          if (run === 0) continue
          const { chained = Number.NaN, plain = Number.NaN } = rates
          note(`chained, ${size} in a transaction /s`, chained)
          note(`plain, ${size} in a transaction /s`, plain)
          note(`chained / plain, ${size} in a transaction x`, chained / plain)
        }
      }
      return measures()
    } finally {
      await service.stop()
      await postgres.stop()
    }
  },
}

/** Takes the next batch until there is none. */
async function writeAll(
  batches: EventCreate[][],
  write: (events: readonly EventCreate[]) => Promise<void>,
): Promise<void> {
  for (let batch = batches.pop(); batch; batch = batches.pop()) await write(batch)
}

function batchesOf(count: number, size: number): EventCreate[][] {
  return Array.from({ length: Math.ceil(count / size) }, (_, batch) =>
    Array.from({ length: Math.min(size, count - batch * size) }, (_, index) =>
      eventCreate.parse(benchEvent(batch * size + index)),
    ),
  )
}
