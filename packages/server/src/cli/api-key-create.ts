import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { apiKeyCreate as schema } from '@keyhook/contract/api/access.ts'
import { speakPlainly } from '@keyhook/contract/api/error-text.ts'
import type { z } from 'zod'
import { newApiKey } from '../auth/api-key.ts'
import { insertApiKey } from '../auth/api-key-store.ts'
import { readLocalAdmin } from '../auth/local-admin.ts'
import { type Config, envToConfig, readEnv } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { systemClock } from '../lib/clock.ts'
import { lockFolder } from '../lib/folder-lock.ts'
import { openLog } from '../lib/log.ts'
import { explainStartError } from './explain-start-error.ts'

type NewKey = z.infer<typeof schema>

/** `keyhook api-key create --name NAME [--role admin]`: prints the key and nothing else on standard output. */
export async function apiKeyCreate(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  speakPlainly()
  const wanted = parse(args)
  if (typeof wanted === 'string') {
    process.stderr.write(`${wanted}\nusage: keyhook api-key create --name NAME [--role admin]\n`)
    return 2
  }
  try {
    const config = envToConfig(readEnv(env))
    process.stdout.write(`${await create(config, wanted)}\n`)
    return 0
  } catch (error) {
    process.stderr.write(`${explainStartError(error, env)}\n`)
    return 1
  }
}

function parse(args: string[]): NewKey | string {
  try {
    const { values } = parseArgs({ args, options: { name: { type: 'string' }, role: { type: 'string' } } })
    const checked = schema.safeParse(values)
    if (checked.success) return checked.data
    return checked.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n')
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** With PGlite the running server holds the database, so it is asked; otherwise the database is opened here. */
async function create(config: Config, wanted: NewKey): Promise<string> {
  const running = config.database.url === null ? readLocalAdmin(config.dataDir) : null
  if (running) {
    process.stderr.write(`Asking the server at ${running.url}, which has ${config.dataDir} open.\n`)
    const key = await ask(running.url, running.token, wanted)
    if (key !== null) return key
  }
  if (config.database.url === null && !existsSync(path.join(config.dataDir, 'pglite'))) {
    throw new Error(`there is no data in ${config.dataDir}; start the server first, or set KEYHOOK_DATA_DIR.`)
  }
  return createInDatabase(config, wanted)
}

/** null: that server does not answer there any more, the file is of one that was killed. */
async function ask(url: string, token: string, wanted: NewKey): Promise<string | null> {
  const answer = await fetch(`${url}/api/v1/api-keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(wanted),
  }).catch(() => null)
  // Another program, or another Keyhook, may have the address by now; it does not know the token.
  const json = answer?.headers.get('content-type')?.includes('json') === true
  if (answer === null || !json || answer.status === 401) return null
  const body = (await answer.json()) as { key?: string; detail?: string }
  if (!answer.ok || !body.key) throw new Error(`the server refused: ${body.detail ?? answer.status}`)
  return body.key
}

async function createInDatabase(config: Config, { name, role }: NewKey): Promise<string> {
  const lock = config.database.url === null ? await lockFolder(config.dataDir) : null
  try {
    const database = await openDatabase(
      { url: config.database.url, dataDir: config.dataDir },
      openLog('silent', null),
    )
    try {
      await migrate(database.db, systemClock)
      const key = newApiKey()
      await insertApiKey(
        { db: database.db, clock: systemClock },
        { key, name, role, createdBy: 'Command line' },
      )
      return key
    } finally {
      await database.close()
    }
  } finally {
    await lock?.release()
  }
}
