/** How a command reaches the data: with PGlite the running server holds it and is asked; else it is opened here. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { readLocalAdmin } from '../auth/local-admin.ts'
import type { Config } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { type Database, openDatabase } from '../db/open.ts'
import { systemClock } from '../lib/clock.ts'
import { lockFolder } from '../lib/folder-lock.ts'
import { openLog } from '../lib/log.ts'

export type Command<Result> = {
  /** `POST /api/v1<path>` of the running server, and what its answer means. */
  readonly ask: { readonly path: string; readonly body?: unknown }
  readonly read: (answer: unknown) => Result
  /** The same on the database itself. */
  readonly run: (db: Database) => Promise<Result>
}

/** Runs a command where the data is. Throws an Error whose message is a sentence for people. */
export async function runCommand<Result>(config: Config, command: Command<Result>): Promise<Result> {
  const running = config.database.url === null ? readLocalAdmin(config.dataDir) : null
  if (running) {
    process.stderr.write(`Asking the server at ${running.url}, which has ${config.dataDir} open.\n`)
    const answer = await post(running.url, running.token, command.ask)
    if (answer !== null) return command.read(answer)
  }
  return withDatabase(config, command.run)
}

/** Opens the database here. Throws an Error whose message is a sentence for people. */
export async function withDatabase<Result>(
  config: Config,
  run: (db: Database) => Promise<Result>,
): Promise<Result> {
  if (config.database.url === null && !existsSync(path.join(config.dataDir, 'pglite'))) {
    throw new Error(`there is no data in ${config.dataDir}; start the server first, or set KEYHOOK_DATA_DIR.`)
  }
  const lock = config.database.url === null ? await lockFolder(config.dataDir) : null
  try {
    const from = { url: config.database.url, dataDir: config.dataDir }
    const database = await openDatabase(from, openLog('silent', null))
    try {
      await migrate(database.db, systemClock)
      return await run(database.db)
    } finally {
      await database.close()
    }
  } finally {
    await lock?.release()
  }
}

/** null: that server does not answer there any more, the file is of one that was killed. */
async function post(url: string, token: string, ask: { path: string; body?: unknown }): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1${ask.path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: ask.body === undefined ? null : JSON.stringify(ask.body),
  }).catch(() => null)
  // Another program, or another Keyhook, may have the address by now; it does not know the token.
  const json = answer?.headers.get('content-type')?.includes('json') === true
  if (answer === null || !json || answer.status === 401) return null
  const body = (await answer.json()) as { detail?: string }
  if (!answer.ok) throw new Error(`the server refused: ${body.detail ?? answer.status}`)
  return body
}
