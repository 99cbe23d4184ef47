/** A page of the console in a real browser, and pictures of it in `test-results/screenshots`. */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { startBrowser } from './browser.ts'

const pictures = fileURLToPath(new URL('../../test-results/screenshots', import.meta.url))
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]

/** One browser for the tests of a file; to be called inside them. */
export function browserForFile(): () => Browser {
  let browser: Browser | null = null
  beforeAll(async () => {
    await mkdir(pictures, { recursive: true })
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())
  return () => {
    if (!browser) throw new Error('the browser is there inside tests only')
    return browser
  }
}

/** Signs the first administrator up, from the link that the server printed. */
export async function setUpAdministrator(page: Page, output: string): Promise<void> {
  await page.goto(/one-time link\): (\S+)/.exec(output)?.[1] ?? '')
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Create administrator' }).click()
  await page.getByRole('heading', { name: 'Webhooks', level: 1 }).waitFor()
}

/** A page that fails the test on script errors and on requests to any other host. */
export async function openPage(
  browser: Browser,
  base: string,
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: sizes[0] ?? null, colorScheme: 'light' })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`))
  page.on('console', (message) => {
    // Refusals of the API are shown by the browser too; those are what the test is about.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text())
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== base)
      complaints.push(`other host: ${request.url()}`)
  })
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') {
      const name = `failed-${task.name.replaceAll(/\W+/g, '-')}.png`
      await page.screenshot({ path: path.join(pictures, name), fullPage: true }).catch(() => {})
    }
    await context.close()
  })
  return { page, complaints }
}

/** Takes pictures in both sizes and colour schemes; fails when something is wider than the screen. */
export async function picture(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const size of sizes) {
      await page.setViewportSize(size)
      // Nothing may be wider than the screen, once charts have measured their new room.
      await expect
        .poll(
          () => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
          { message: `${name} at ${size.width} px scrolls sideways` },
        )
        .toBeLessThanOrEqual(0)
      await page.evaluate('scrollTo(0, 0)')
      await page.screenshot({
        path: path.join(pictures, `${name}-${size.width}-${colorScheme}.png`),
        fullPage: true,
        // A machine with more to do than it can takes many seconds for one.
        timeout: 60_000,
      })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(sizes[0] ?? { width: 1440, height: 900 })
}
