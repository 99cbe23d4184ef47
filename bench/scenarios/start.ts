import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Scenario } from '../scenario.ts'

const bin = fileURLToPath(new URL('../../packages/server/src/bin.ts', import.meta.url))
const port = 3950

/** From the process being started to `/readyz` answering 200. */
export const start: Scenario = {
  name: 'start',
  about:
    'Time from starting the process to /readyz answering 200, on PGlite: the first start makes the database.',
  goal: 'second start under 3,000 ms',
  async run({ runs, progress }) {
    const first: number[] = []
    const second: number[] = []
    for (let run = 1; run <= runs; run++) {
      progress(`run ${run} of ${runs}`)
      const dataDir = await mkdtemp(path.join(tmpdir(), 'keyhook-bench-'))
      first.push(await startOnce(dataDir))
      second.push(await startOnce(dataDir))
      await rm(dataDir, { recursive: true, force: true })
    }
    return [
      { name: 'first start', unit: 'ms', values: first },
      { name: 'second start', unit: 'ms', values: second },
    ]
  },
}

async function startOnce(dataDir: string): Promise<number> {
  const began = performance.now()
  const child = spawn(process.execPath, [bin, 'serve'], {
    env: {
      ...process.env,
      KEYHOOK_DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      PORT: String(port),
      KEYHOOK_SANDBOX: 'false',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  try {
    while (!(await isReady())) {
      if (child.exitCode !== null || performance.now() - began > 60_000)
        throw new Error('the server did not start')
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return performance.now() - began
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

async function isReady(): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    async (answer) => {
      await answer.arrayBuffer()
      return answer.ok
    },
    () => false,
  )
}
