import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export type Child = { readonly url: string; readonly pid: number; stop(): Promise<void> }

/** Starts a program of the bench (or the server) in a process of its own and waits for the address it prints. */
export async function startChild(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Child> {
  const file = fileURLToPath(new URL(program, import.meta.url))
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
      const match = /(http:\/\/\S+)/.exec(output)
      if (match?.[1]) resolve(match[1])
    })
    void ended.then(() => reject(new Error(`${program} ended: ${output}`)))
  })
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

export const benchKey = `kh_bench${'0'.repeat(32)}`

/** The product, on PGlite or on the given PostgreSQL, with the key `benchKey`. */
export async function startKeyhook(databaseUrl: string | null): Promise<Child> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'keyhook-bench-'))
  const child = await startChild('../../packages/server/src/bin.ts', ['serve'], {
    PORT: '0',
    KEYHOOK_DATA_DIR: dataDir,
    KEYHOOK_BOOTSTRAP_KEY: benchKey,
    KEYHOOK_SANDBOX: 'false',
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
  })
  return {
    ...child,
    async stop() {
      await child.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
