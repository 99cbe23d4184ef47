/** The console that the tests see is the one of the working tree: built before the first of them, when it changed. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const program = fileURLToPath(new URL('../../packages/console/scripts/build-if-changed.mjs', import.meta.url))

export async function setup(): Promise<void> {
  await promisify(execFile)(process.execPath, [program])
}
