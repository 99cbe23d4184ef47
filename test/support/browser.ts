/** A real Chromium that came with the tests' packages; nothing is downloaded and nothing has to be installed. */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import chromiumPackage from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

/** Starts the browser; the caller closes it. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = await chromiumPackage.executablePath()
  return chromium.launch({
    executablePath,
    env: { ...process.env, ...(await missingLibraries(executablePath)) },
    // The tests may run as root in a container, where Chromium's own sandbox cannot start.
    args: [
      '--no-sandbox',
      '--no-zygote',
      '--disable-gpu',
      '--disable-background-networking',
      '--font-render-hinting=none',
    ],
  })
}

/** Small systems lack NSS; the package brings it, but uses it by itself only in one cloud. */
async function missingLibraries(executable: string): Promise<NodeJS.ProcessEnv> {
  if (
    process.platform !== 'linux' ||
    !execFileSync('ldd', [executable], { encoding: 'utf8' }).includes('not found')
  )
    return {}
  const build = import.meta.resolve('@sparticuz/chromium')
  const { inflate } = (await import(new URL('lambdafs.js', build).href)) as {
    inflate(file: string): Promise<string>
  }
  const folder = await inflate(fileURLToPath(new URL('../bin/al2023.tar.br', build)))
  return { LD_LIBRARY_PATH: path.join(folder, 'lib') }
}
