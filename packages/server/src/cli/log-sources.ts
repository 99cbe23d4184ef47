/** Where `keyhook log verify` finds the log: a file, a running server, or the database itself. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import {
  type EventRead,
  eventRead,
  type LogCheckpoint,
  logKeyRead,
  logRead,
} from '@keyhook/contract/api/event.ts'
import type { Database } from '../db/open.ts'
import type { ChainHead } from '../events/event-chain.ts'
import { listEvents } from '../events/event-list.ts'
import { readEvent } from '../events/event-store.ts'
import { readLogKeys } from '../events/log-keys.ts'
import { readLog } from '../events/log-state.ts'
import type { SecretBox } from '../lib/secret-box.ts'

export type LogRange = { readonly from: number | null; readonly to: number | null }

export type LogSource = {
  /** For people. */
  readonly name: string
  readonly key: Uint8Array
  readonly publicKey: string
  readonly checkpoints: readonly LogCheckpoint[]
  /** What the first entry follows; null: not known. */
  readonly before: ChainHead | null
  /** Says that the log begins behind `before`; null: nothing says so. */
  readonly cut: LogCheckpoint | null
  /** The last entry that must be there; null: the source does not say. */
  readonly position: number | null
  entries(range: LogRange): AsyncIterable<EventRead>
}

/** Entries of an export in NDJSON. Throws an Error that names the line which is none. */
export async function* entriesOfFile(file: string): AsyncGenerator<EventRead> {
  yield* entriesOfLines(createReadStream(file), file)
}

async function* entriesOfLines(stream: Readable, name: string): AsyncGenerator<EventRead> {
  let number = 0
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (line.trim() === '') continue
    const entry = parseEntry(line)
    if (entry === null)
      throw new Error(`${name}, line ${number}: this is not an entry of an export in NDJSON.`)
    yield entry
  }
}

function parseEntry(line: string): EventRead | null {
  try {
    const read = eventRead.safeParse(JSON.parse(line))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

/** A running server, asked over its API. */
export async function logOfServer(url: string, apiKey: string): Promise<LogSource> {
  const ask = async (path: string, method = 'GET') => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}` },
    }).catch((cause: unknown) => {
      throw new Error(`the server at ${url} does not answer.`, { cause })
    })
    if (!answer.ok) throw new Error(`the server at ${url} answered ${answer.status}: ${await answer.text()}`)
    return answer
  }
  const { key } = logKeyRead.parse(await (await ask('/log/key', 'POST')).json())
  const log = logRead.parse(await (await ask('/log')).json())
  return {
    name: `the log of ${url}`,
    key: Buffer.from(key, 'base64'),
    publicKey: log.public_key,
    checkpoints: log.checkpoints,
    before: log.before,
    cut: log.cut,
    position: log.position,
    async *entries({ from, to }) {
      const query = new URLSearchParams({
        from_position: String(from ?? 1),
        to_position: String(to ?? log.position),
      })
      const { body } = await ask(`/events/export?${query}`)
      if (body) yield* entriesOfLines(Readable.fromWeb(body as never), url)
    },
  }
}

/** The database, with the key that opens its secrets. */
export async function logOfDatabase(db: Database, secretBox: SecretBox): Promise<LogSource> {
  const keys = await readLogKeys({ db, secretBox })
  const log = await readLog({ db }, keys)
  return {
    name: 'the log in the database',
    key: keys.chain,
    publicKey: keys.publicKey,
    checkpoints: log.checkpoints,
    before: log.before,
    cut: log.cut,
    position: log.position,
    async *entries({ from, to }) {
      const limit = 1_000
      for (let after = (from ?? log.first_position) - 1; ; ) {
        const rows = await listEvents({ db }, { after, newestFirst: false, limit })
        for (const row of rows) {
          if (to !== null && Number(row.position) > to) return
          yield readEvent(row)
        }
        if (rows.length < limit) return
        after = Number(rows.at(-1)?.position)
      }
    },
  }
}
