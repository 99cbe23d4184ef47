import { type SecretsRotated, secretsRotated } from '@keyhook/contract/api/secrets.ts'
import { commandLine } from '../auth/local-admin.ts'
import { envToConfig, readEnv } from '../config.ts'
import { actorOf } from '../events/event.ts'
import { systemClock } from '../lib/clock.ts'
import { readOrMakeKeyFile } from '../lib/key-file.ts'
import { createSecretBox } from '../lib/secret-box.ts'
import { requireKeys } from '../webhooks/sealed-values.ts'
import { rewrapSecrets } from '../webhooks/stored-secrets.ts'
import { explainStartError } from './explain-start-error.ts'
import { runCommand } from './with-database.ts'

/** `keyhook secrets rotate`: wraps all stored secrets with the newest encryption key and says which are still needed. */
export async function secretsRotate(env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const config = envToConfig(readEnv(env))
    const keys = config.encryptionKeys ?? readOrMakeKeyFile(config.dataDir)
    const rotated = await runCommand<SecretsRotated>(config, {
      ask: { path: '/secrets/rotate' },
      read: (answer) => secretsRotated.parse(answer),
      async run(db) {
        await requireKeys(db, keys)
        return rewrapSecrets(db, createSecretBox(keys), { actor: actorOf(commandLine), now: systemClock() })
      },
    })
    process.stdout.write(
      `${report(
        rotated,
        keys.map((key) => key.id),
      )}\n`,
    )
    return 0
  } catch (error) {
    process.stderr.write(`${explainStartError(error, env)}\n`)
    return 1
  }
}

function report({ newest_key, rewrapped, keys_in_use }: SecretsRotated, configured: string[]): string {
  const spare = configured.filter((id) => !keys_in_use.includes(id) && id !== newest_key)
  const done =
    rewrapped === 0
      ? `All stored secrets are wrapped with ${newest_key} already.`
      : `${rewrapped} stored secrets are now wrapped with ${newest_key}.`
  return spare.length === 0 ? done : `${done} No longer needed: ${spare.join(', ')}.`
}
