/** The activity log in the console: followed live, searched, saved, exported, held. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { apiOf } from '../packages/server/test/support/harness.ts'
import { browserForFile, openPage, picture, setUpAdministrator } from './support/console-page.ts'
import { bootstrapKey, migratedFolder, startServer } from './support/server-process.ts'

const browser = browserForFile()
const key = { key: bootstrapKey }

test('an administrator follows the activity log, keeps a search, exports it and holds it', async () => {
  const server = await startServer({
    KEYHOOK_DATA_DIR: await migratedFolder(),
    KEYHOOK_LOG_RETENTION_DAYS: '400',
  })
  const api = apiOf(server.url)
  const tell = async (...names: string[]) => {
    const events = names.map((name) => ({
      actor: { actor_type: 'SERVICE', actor_data: { given_name: 'Doors' } },
      event_type: 'CUSTOM_DOOR_OPENED',
      event_type_user_friendly: `Door ${name} opened`,
      event_metadata: { delivery_id: 'dlv_1' },
    }))
    expect((await api('POST', '/events/batch', { events }, key)).status).toBe(201)
  }
  const { page, complaints } = await openPage(browser(), server.url)
  await setUpAdministrator(page, server.output())
  await tell(...Array.from({ length: 40 }, (_, n) => `${n}`))

  // Live: what happens comes in at the top; farther down it waits.
  await page.goto(`${server.url}/events?type=CUSTOM_DOOR_OPENED`)
  const first = page.getByRole('list', { name: 'Activity log' }).getByRole('listitem').first()
  await first.getByText('Door 39 opened').waitFor()
  await page.getByRole('switch', { name: 'Live' }).click()
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor()
  await tell('A')
  await first.getByText('Door A opened').waitFor()
  await page.evaluate('scrollTo(0, 600)')
  await tell('B', 'C')
  await page.getByRole('button', { name: '2 new' }).waitFor()
  expect(await page.getByText('Door C opened').count()).toBe(0)
  await page.getByRole('button', { name: '2 new' }).click()
  await first.getByText('Door C opened').waitFor()
  await picture(page, 'activity-log-live')

  // One entry has a page of its own.
  await first.getByRole('button').click()
  await first.getByRole('link', { name: 'Link to this entry' }).click()
  await page.getByRole('heading', { name: 'Door C opened' }).waitFor()
  await page.getByRole('button', { name: 'Copy as JSON' }).waitFor()
  expect(await page.getByRole('link', { name: 'dlv_1' }).getAttribute('href')).toBe('/deliveries/dlv_1')
  await page.goBack()

  // A search is kept, renamed, deleted, and brought back.
  const searches = page.getByRole('button', { name: 'Saved searches' })
  await searches.click()
  await page.getByRole('menuitem', { name: 'Save this search…' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Enter a name.').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Doors')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('“Doors” is saved.').waitFor()
  await page.goto(`${server.url}/events`)
  await searches.click()
  await page.getByRole('menuitem', { name: 'Doors' }).click()
  await page.waitForURL(/type=CUSTOM_DOOR_OPENED/)
  await searches.click()
  await page.getByRole('button', { name: 'Rename Doors' }).click()
  await page.getByLabel('Name', { exact: true }).fill('All doors')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('“All doors” is saved.').waitFor()
  await searches.click()
  await page.getByRole('button', { name: 'Delete All doors' }).click()
  await page.getByText('“All doors” is deleted.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('“All doors” is back.').waitFor()
  await page.keyboard.press('Escape')

  // The export says how much it will be.
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByText('43 entries, the oldest first').waitFor()
  await page.getByText('NDJSON, for programs').click()
  // Without a dialog of the system, which a test cannot answer.
  await page.evaluate('delete window.showSaveFilePicker')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save file' }).click(),
  ])
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n')
  expect(lines).toHaveLength(43)
  expect(JSON.parse(lines[42] ?? '').event.event_type_user_friendly).toBe('Door C opened')

  // Nothing leaves the log while it is held.
  const card = page.getByRole('region', { name: 'Retention' })
  await card.getByText('400 days at least').waitFor()
  await card.getByRole('button', { name: 'Place legal hold' }).click()
  await page.getByRole('button', { name: 'Place hold' }).click()
  await page.getByText('Enter why').waitFor()
  await page.getByLabel('Reason').fill('Case 2026/7')
  await page.getByRole('button', { name: 'Place hold' }).click()
  await card.getByText('Case 2026/7').waitFor()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await picture(page, 'activity-log-held')
  await card.getByRole('button', { name: 'Lift legal hold' }).click()
  await page.getByRole('button', { name: 'Lift hold' }).click()
  await card.getByRole('button', { name: 'Place legal hold' }).waitFor()

  // A server that goes away is told of.
  expect(complaints).toEqual([])
  await page.getByRole('switch', { name: 'Live' }).click()
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor()
  await server.end('SIGTERM')
  await page.getByText('Connection lost, trying again').waitFor()
})
