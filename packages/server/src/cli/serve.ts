import { envToConfig, readEnv } from '../config.ts'
import type { Service } from '../service.ts'
import { explainStartError } from './explain-start-error.ts'

/** Starts the server and runs until it is told to stop. Resolves with the exit code. */
export async function serve(env: NodeJS.ProcessEnv): Promise<number> {
  let service: Service
  try {
    const config = envToConfig(readEnv(env))
    // Loaded once it is known that there is something to start.
    const { startService } = await import('../service.ts')
    service = await startService(config)
  } catch (error) {
    process.stderr.write(`${explainStartError(error, env)}\n`)
    return 1
  }
  // Listened for before the greeting: who reads it may stop the server at once.
  const stopped = stopSignal()
  process.stdout.write(greeting(service))
  await stopped
  await service.stop()
  return 0
}

function greeting({ url, setupUrl, ctx }: Service): string {
  const { config } = ctx
  const lines = [
    `Keyhook runs at ${url}`,
    ...(setupUrl ? [`Set up the first administrator (one-time link): ${setupUrl}`] : []),
    `Data: ${config.database.url === null ? config.dataDir : 'PostgreSQL'}${config.log.toFile ? `, log: ${config.dataDir}/keyhook.log` : ''}`,
    'Stop: Ctrl-C',
  ]
  return `${lines.join('\n')}\n`
}

/** Resolves at the first signal; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.removeListener(signal, stop)
        process.once(signal, () => process.exit(1))
      }
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}
