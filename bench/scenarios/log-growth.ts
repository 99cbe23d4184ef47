import { Client, request } from 'undici'
import type { EventPage } from '../../packages/contract/src/api/event.ts'
import { startPostgres } from '../../packages/server/test/support/embedded-postgres.ts'
import type { Scenario } from '../scenario.ts'
import { benchKey, startKeyhook } from '../support/child.ts'
import { medianGet, percentile } from '../support/load.ts'
import { actorOfNumber, type FilledLog, fillLog, ofOneTicket } from '../support/many-events.ts'
import { growthMeasures } from '../support/notes.ts'

const few = 20_000
const headers = { authorization: `Bearer ${benchKey}` }
/** What a live reader that comes back gets first. */
const firstFrames = 100

/** Whether the past of the activity log slows those who look into it. */
export const logGrowth: Scenario = {
  name: 'log-growth',
  about:
    `Pages of 50 of the activity log, and the first ${firstFrames} entries of a live tail that goes on, with ${few.toLocaleString('en')} ` +
    'entries over six months and with many (--rows, 200,000 unless set), on PostgreSQL. A type and an actor with one entry in ' +
    `200; a text that ${ofOneTicket} entries have on either side, and one that one in 200 has; a day in the middle`,
  goal: 'with many below 1.5 x the time of with few',
  async run({ runs, progress, quick, rows }) {
    const sizes = { few: quick ? 200 : few, many: quick ? 2_000 : (rows ?? 200_000) }
    const times = new Map<string, number[]>()
    const note = (name: string, value: number) => times.set(name, [...(times.get(name) ?? []), value])
    const postgres = await startPostgres(3972)
    const parts: { stop(): Promise<void> }[] = [postgres]
    try {
      const logs = []
      for (const [name, count] of Object.entries(sizes)) {
        progress(`storing ${count.toLocaleString('en')} entries`)
        const url = await postgres.database(name)
        logs.push({ name, url, filled: await fillLog(url, count) })
      }
      const sides = await Promise.all(
        logs.map(async ({ name, url, filled }) => {
          const keyhook = await startKeyhook(url)
          parts.unshift(keyhook)
          return { name, readings: await readingsOf(`${keyhook.url}/api/v1/events`, filled) }
        }),
      )
      const names = Object.keys(sides[0]?.readings ?? {})
      for (let run = 0; run <= runs; run++) {
        if (run > 0) progress(`run ${run} of ${runs}`)
        // Side by side, so that what else the machine does comes to both. The first round warms up.
        for (const reading of names)
          for (const { name, readings } of sides) {
            const median = await readings[reading]?.(quick ? 3 : 100)
            if (run > 0 && median !== undefined) note(`${reading}, ${name}`, median)
          }
      }
      return growthMeasures(times, names)
    } finally {
      for (const part of parts) await part.stop()
    }
  },
}

/** Reads so many times; the median in milliseconds. */
type Reading = (count: number) => Promise<number>

async function readingsOf(events: string, { end, from, to }: FilledLog): Promise<Record<string, Reading>> {
  const page = (query: string): Reading => {
    const url = `${events}?limit=50&${query}`
    return async (count) => {
      // A page of nothing would tell nothing.
      if ((await read(url)).data.length === 0) throw new Error(`${url} finds nothing`)
      return medianGet({ url, headers }, count)
    }
  }
  return {
    'newest page': page(''),
    'a page by cursor': page(`cursor=${await cursorBefore(events, end / 2)}`),
    'by type': page('type=ACCESS_REVIEW_UPDATED'),
    'by actor': page(`actor_id=${actorOfNumber(17)}`),
    'by text, as many found': page('q=CHG4711'),
    'by text, one in 200': page('q=person17@example.com'),
    'by time': page(`from=${from}&to=${to}`),
    'first frames of the live tail': (count) =>
      medianFirstFrames(`${events}/stream?after=${end - firstFrames}`, count),
  }
}

/** The cursor of a page that ended at this position: like that of the newest page, with another number. */
async function cursorBefore(events: string, position: number): Promise<string> {
  const { next_cursor } = await read(`${events}?limit=1`)
  const last = Buffer.from(next_cursor ?? '', 'base64url').toString()
  return Buffer.from(last.replace(/\d+/, String(Math.floor(position)))).toString('base64url')
}

async function read(url: string): Promise<EventPage> {
  const answer = await request(url, { headers })
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`)
  return (await answer.body.json()) as EventPage
}

/** From the connection to the last of the first entries. */
async function medianFirstFrames(url: string, count: number): Promise<number> {
  const { origin, pathname, search } = new URL(url)
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const began = performance.now()
    // The answer has no end: its connection is closed.
    const client = new Client(origin)
    const answer = await client.request({ method: 'GET', path: pathname + search, headers })
    if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`)
    let text = ''
    for await (const chunk of answer.body) {
      text += chunk
      if (text.split('\ndata: ').length > firstFrames) break
    }
    times.push(performance.now() - began)
    await client.destroy()
  }
  return percentile(
    times.sort((a, b) => a - b),
    0.5,
  )
}
