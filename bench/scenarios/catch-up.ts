import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { startPostgres } from '../../packages/server/test/support/embedded-postgres.ts'
import type { Scenario } from '../scenario.ts'
import { benchKey, type Child, startChild, startKeyhook } from '../support/child.ts'
import { callApi } from '../support/company.ts'
import { residentMiB, watchMemory } from '../support/memory.ts'
import { createNotes } from '../support/notes.ts'
import type { Received } from '../support/ordered-receiver-program.ts'
import { addStream, append, benchEvent } from '../support/stream.ts'

/** New events: so many in one call of the API, and calls in a second. */
const arriving = { events: 20, perSecond: 10 }
const settings = { event_types: ['CUSTOM_*'], batch_events: 100, batch_wait_ms: 50, start: 'beginning' }

/** A stream that was away for long comes back while the log goes on. */
export const catchUp: Scenario = {
  name: 'catch-up',
  about:
    'A stream in batches of 100 with a backlog (--rows, 100,000 events unless set), on PostgreSQL: events per ' +
    `second of the backlog while ${arriving.events * arriving.perSecond} new events per second are appended by the API, against the same stream ` +
    'from the same beginning while nothing is appended, in the same run; how far behind a later event one came, as a share of ' +
    'the window; resident memory of the server before, and at most until it has caught up',
  goal: 'at least 0.8 x, the order holds within the window, memory stays flat',
  async run({ runs, quick, rows, progress }) {
    const backlog = quick ? 2_000 : (rows ?? 100_000)
    const postgres = await startPostgres(3971)
    const receiver = await startChild('./ordered-receiver-program.ts', [], {})
    const keyhook = await startKeyhook(await postgres.database('keyhook'))
    try {
      const warmUp = Math.ceil(Math.min(backlog / 2, 10_000))
      await append(keyhook.url, warmUp)
      if (!quick) await drain(keyhook, `${receiver.url}/warm-up`, warmUp, null)
      progress(`appending ${backlog.toLocaleString('en')} events`)
      await append(keyhook.url, backlog - warmUp)
      const { note, measures } = createNotes()
      let stored = backlog
      for (let run = 1; run <= runs; run++) {
        progress(`run ${run} of ${runs}`)
        const rates: Record<string, number> = {}
        // Each is first in every other run.
        const sides = run % 2 === 0 ? ([true, false] as const) : ([false, true] as const)
        for (const isAppending of sides) {
          const side = isAppending ? 'while events are appended' : 'nothing appended'
          const url = `${receiver.url}/${run}-${isAppending ? 'appending' : 'quiet'}`
          const drained = await drain(keyhook, url, stored, isAppending ? arrivals(keyhook.url) : null)
          stored += drained.arrived
          rates[side] = drained.rate
          note(`${side} /s`, drained.rate)
          note(`${side}: memory before MiB`, drained.memoryBefore)
          note(`${side}: memory at most MiB`, drained.memory)
          note(`${side}: furthest behind a later one, of the window x`, drained.late / drained.window)
        }
        const { 'nothing appended': quiet = Number.NaN, 'while events are appended': busy = Number.NaN } =
          rates
        note('while events are appended / nothing appended x', busy / quiet)
      }
      return measures()
    } finally {
      for (const part of [keyhook, receiver, postgres]) await part.stop()
    }
  },
}

type Arrivals = { stop(): Promise<number> }

/** Appends events at a steady rate until it is stopped; then tells how many. */
function arrivals(server: string): Arrivals {
  let stopped = false
  let count = 0
  const running = (async () => {
    const startedAt = performance.now()
    for (let call = 1; !stopped; call++) {
      const events = Array.from({ length: arriving.events }, (_, index) => benchEvent(count + index))
      await callApi(server, 'POST', '/events/batch', { events })
      count += events.length
      await sleep(Math.max(0, startedAt + (call * 1_000) / arriving.perSecond - performance.now()))
    }
  })()
  return {
    async stop() {
      stopped = true
      await running
      return count
    },
  }
}

/** A new stream from the beginning of the log, until it has sent everything; then it is removed. */
async function drain(server: Child, url: string, backlog: number, arriving: Arrivals | null) {
  const memoryBefore = residentMiB(server.pid)
  const memory = watchMemory(server.pid)
  const startedAt = performance.now()
  const id = await addStream(server.url, url, settings)
  await untilReceived(url, backlog)
  const rate = (backlog * 1_000) / (performance.now() - startedAt)
  const arrived = (await arriving?.stop()) ?? 0
  await untilReceived(url, backlog + arrived)
  const most = memory()
  const { window } = await read<{ window: { posts: number } }>(`${server.url}/api/v1/webhooks/${id}/stream`)
  await remove(server.url, id)
  const { events, late } = await read<Received>(url)
  const windowEvents = window.posts * settings.batch_events
  if (events !== backlog + arrived) throw new Error(`${events} events came instead of ${backlog + arrived}`)
  if (late >= windowEvents) throw new Error(`an event came ${late} places late; a window is ${windowEvents}`)
  return { rate, memoryBefore, memory: most, arrived, late, window: windowEvents }
}

async function untilReceived(url: string, events: number): Promise<void> {
  while ((await read<Received>(url)).events < events) await sleep(10)
}

async function read<Body>(url: string): Promise<Body> {
  const answer = await request(url, { headers: { authorization: `Bearer ${benchKey}` } })
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`)
  return (await answer.body.json()) as Body
}

async function remove(server: string, id: string): Promise<void> {
  const headers = { authorization: `Bearer ${benchKey}` }
  const answer = await request(`${server}/api/v1/webhooks/${id}`, { method: 'DELETE', headers })
  await answer.body.dump()
  if (answer.statusCode >= 300) throw new Error(`the webhook could not be removed: ${answer.statusCode}`)
}
