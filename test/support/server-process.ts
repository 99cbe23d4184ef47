/** The product as a person starts it: a process of its own, seen through its output, its signals and HTTP. */
import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject, onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

export const bootstrapKey = `kh_process${'x'.repeat(32)}`

export type ServerProcess = {
  readonly url: string
  readonly output: () => string
  readonly child: ChildProcess
  /** Sends a signal and waits for the end; resolves with the exit code, null after a kill. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** A data folder that is removed when the test ends. */
export async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyhook-e2e-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The same with an empty, migrated PGlite in it: making one takes longer than most of what is tested with it. */
export async function migratedFolder(): Promise<string> {
  const folder = await dataFolder()
  const given = inject('testDatabase')
  if (given.kind === 'pglite') await cp(given.template, folder, { recursive: true })
  return folder
}

/** Runs a `keyhook` command to its end. */
export async function runKeyhook(
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { child, output } = launch([entry, ...args], env)
  const code = await exitOf(child)
  return { code, ...output }
}

const entry = 'packages/server/src/bin.ts'

/** Starts `keyhook serve`, or another program that serves, and waits until it says that it runs. */
export async function startServer(
  env: NodeJS.ProcessEnv,
  program: readonly string[] = [entry, 'serve'],
): Promise<ServerProcess> {
  const { child, output } = launch(program, { KEYHOOK_BOOTSTRAP_KEY: bootstrapKey, PORT: '0', ...env })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = exitOf(child)
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const match = /Keyhook runs at (\S+)[\s\S]*Stop: /.exec(output.stdout)
      if (match?.[1]) resolve(match[1])
    })
    void ended.then((code) => reject(new Error(`ended with ${code}: ${output.stdout}${output.stderr}`)))
  })
  return {
    url,
    child,
    output: () => output.stdout + output.stderr,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}

function launch(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  return { child, output }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)))
}
