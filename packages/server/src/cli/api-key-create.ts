import { parseArgs } from 'node:util'
import { apiKeyCreated, apiKeyCreate as schema } from '@keyhook/contract/api/access.ts'
import { speakPlainly } from '@keyhook/contract/api/error-text.ts'
import type { z } from 'zod'
import { newApiKey } from '../auth/api-key.ts'
import { insertApiKey } from '../auth/api-key-store.ts'
import { commandLine } from '../auth/local-admin.ts'
import { envToConfig, readEnv } from '../config.ts'
import { actorOf } from '../events/event.ts'
import { systemClock } from '../lib/clock.ts'
import { explainStartError } from './explain-start-error.ts'
import { runCommand } from './with-database.ts'

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
    const key = await runCommand(config, {
      ask: { path: '/api-keys', body: wanted },
      read: (answer) => apiKeyCreated.parse(answer).key,
      async run(db) {
        const made = newApiKey()
        const draft = { key: made, ...wanted, createdBy: 'Command line' }
        await db.transaction().execute((tx) => insertApiKey(tx, systemClock(), draft, actorOf(commandLine)))
        return made
      },
    })
    process.stdout.write(`${key}\n`)
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
