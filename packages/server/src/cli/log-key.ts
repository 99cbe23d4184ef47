import { commandLine, readLocalAdmin } from '../auth/local-admin.ts'
import { envToConfig, readEnv } from '../config.ts'
import { actorOf } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { readLogKeys } from '../events/log-keys.ts'
import { systemClock } from '../lib/clock.ts'
import { readOrMakeKeyFile } from '../lib/key-file.ts'
import { createSecretBox } from '../lib/secret-box.ts'
import { explainStartError } from './explain-start-error.ts'
import { logOfServer } from './log-sources.ts'
import { withDatabase } from './with-database.ts'

/** `keyhook log key`: prints, as JSON, what verifies an exported log. The first member is a secret. */
export async function logKey(env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const config = envToConfig(readEnv(env))
    const running = config.client ?? localServer(config)
    const { key, publicKey } = running
      ? await logOfServer(running.url, running.apiKey)
      : await withDatabase(config, async (db) => {
          const keys = config.encryptionKeys ?? readOrMakeKeyFile(config.dataDir)
          await db
            .transaction()
            .execute((tx) =>
              appendEvents(tx, systemClock(), [{ type: 'ADMIN_READ_LOG_KEY', actor: actorOf(commandLine) }]),
            )
          const { chain, publicKey } = await readLogKeys({ db, secretBox: createSecretBox(keys) })
          return { key: chain, publicKey }
        })
    process.stdout.write(
      `${JSON.stringify({ key: Buffer.from(key).toString('base64'), public_key: publicKey })}\n`,
    )
    return 0
  } catch (error) {
    process.stderr.write(`${explainStartError(error, env, 'The log could not be read')}\n`)
    return 1
  }
}

function localServer(config: ReturnType<typeof envToConfig>) {
  const local = config.database.url === null ? readLocalAdmin(config.dataDir) : null
  return local && { url: local.url, apiKey: local.token }
}
