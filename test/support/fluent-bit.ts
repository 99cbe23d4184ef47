/** A real Fluent Bit, where there is one: CONTRIBUTING.md says how to get it. No package manager that we use has it. */
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'

/** The program: `KEYHOOK_FLUENT_BIT`, or `fluent-bit` on the PATH; null when there is none. */
export function findFluentBit(): string | null {
  const given = process.env.KEYHOOK_FLUENT_BIT
  if (given) return given
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  return folders.map((folder) => path.join(folder, 'fluent-bit')).find(isProgram) ?? null
}

export const withoutFluentBit =
  'no fluent-bit on the PATH or in KEYHOOK_FLUENT_BIT: see "A real Fluent Bit for the tests" in CONTRIBUTING.md'

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export type FluentBit = {
  /** What it said so far. */
  readonly output: () => string
  readonly ended: Promise<void>
  /** Asks it to write what it has and to end; it is killed if it does not. */
  stop(): Promise<void>
}

export function startFluentBit(program: string, configFile: string): FluentBit {
  const child = spawn(program, ['-c', configFile], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    // No such program: told by what waits for it.
    child.once('error', (error) => {
      output += error.message
      resolve()
    })
  })
  return {
    output: () => output,
    ended,
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(late)
    },
  }
}
