/** SIEM streams in the console: a preset in the form, and the stream's card through good and bad times. */
import { gunzipSync } from 'node:zlib'
import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { expect, onTestFinished, test } from 'vitest'
import { apiOf } from '../packages/server/test/support/harness.ts'
import { json, type Received, startReceiver } from '../packages/server/test/support/receiver.ts'
import { browserForFile, openPage, picture, setUpAdministrator } from './support/console-page.ts'
import { bootstrapKey, migratedFolder, startServer } from './support/server-process.ts'

const browser = browserForFile()
const key = { key: bootstrapKey }

const textOf = ({ headers, body }: Received) =>
  (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()

const ownEvent = (what: string) => ({
  actor: { actor_type: 'SERVICE', actor_data: { email: '', given_name: 'Doors', family_name: '' } },
  event_type: 'CUSTOM_DOOR_OPENED',
  event_type_user_friendly: 'Door opened',
  event_began_at: '2026-01-01T00:00:00.000Z',
  event_metadata: { what },
  outcome: 'SUCCEEDED',
  targets: [],
})

test('an administrator sends the activity log to Splunk and looks after the stream', async () => {
  const server = await startServer({ KEYHOOK_DATA_DIR: await migratedFolder() })
  // It never takes what speaks of poison.
  const receiver = await startReceiver((request, response) =>
    json(textOf(request).includes('Poison') ? 400 : 200)(request, response),
  )
  onTestFinished(() => receiver.close())
  const { page, complaints } = await openPage(browser(), server.url)
  const api = apiOf(server.url)
  await setUpAdministrator(page, server.output())

  // A preset asks only its own questions, and says at each what is wrong.
  await page.goto(`${server.url}/webhooks/new?type=siem`)
  await page.getByLabel('Name', { exact: true }).fill('Splunk')
  await page.getByLabel('Sends to').selectOption('splunk')
  expect(await page.getByLabel('Endpoint URL').count()).toBe(0)
  await page.getByRole('button', { name: 'Save webhook' }).click()
  await page.getByText('Enter: Host').waitFor()
  await page.getByText('Enter: Token value').waitFor()
  await page.getByLabel('Host', { exact: true }).fill('splunk.example.com')
  await page.getByLabel('Token value').fill('0f1e2d3c-splunk')
  await page.locator('summary', { hasText: 'More about the stream' }).click()
  await page.getByLabel('Starts').selectOption('beginning')
  await page.getByLabel('Events in a POST').fill('0')
  await page.getByRole('button', { name: 'Save webhook' }).click()
  await page.getByText('At least 1').waitFor()
  await page.getByLabel('Events in a POST').fill('50')
  await page.getByRole('combobox', { name: 'Event types' }).click()
  await page.getByRole('option', { name: 'Administration: all (ADMIN_*)' }).click()
  await page.getByRole('option', { name: 'Your own systems: all (CUSTOM_*)' }).click()
  await page.keyboard.press('Escape')
  await picture(page, 'stream-form')

  // What the answers gave is where entering it begins.
  await page.getByRole('button', { name: 'Enter them myself' }).click()
  expect(await page.getByLabel('Endpoint URL').inputValue()).toBe(
    'https://splunk.example.com:8088/services/collector/event',
  )
  await page.getByLabel('Endpoint URL').fill(receiver.url)
  await page.getByRole('button', { name: 'Save webhook' }).click()
  await page.waitForURL(/\/webhooks\/wh_[0-9a-f]{32}/)
  const id = /wh_[0-9a-f]{32}/.exec(page.url())?.[0] ?? ''
  const made = (await api<WebhookRead>('GET', `/webhooks/${id}`, undefined, key)).body
  expect(made.stream).toMatchObject({
    format: 'splunk_hec',
    gzip: true,
    batch_events: 50,
    event_types: ['ADMIN_*', 'CUSTOM_*'],
    start: 'beginning',
  })

  // It runs, and says so.
  const card = page.getByRole('region', { name: 'Stream', exact: true })
  await card.getByText('Running').waitFor()
  await card.getByText('Up to date').waitFor()
  await expect.poll(() => receiver.received.length).toBeGreaterThan(0)
  expect(receiver.received[0]?.headers.authorization).toBe('Splunk 0f1e2d3c-splunk')

  // What is always refused is set aside; when the receiver is ill, the stream says since when.
  const log = (what: string) => api('POST', '/events', ownEvent(what), key)
  expect((await log('Poison')).status).toBe(201)
  await card.getByText('1 delivery was set aside').waitFor({ timeout: 20_000 })
  receiver.answerWith(json(503))
  for (const what of ['Front door', 'Back door', 'Gate']) await log(what)
  await card.getByText('Failing', { exact: true }).waitFor()
  await card.getByText(/HTTP 503/).waitFor()
  await picture(page, 'stream-failing')
  expect(await card.getByRole('link', { name: 'Show them' }).getAttribute('href')).toContain('status=failed')
  receiver.answerWith(json(200))
  await card.getByRole('button', { name: 'Try now' }).click()
  await card.getByText('Running').waitFor()
  await card.getByRole('button', { name: 'Send again', exact: true }).click()
  await card.getByText('1 delivery was set aside').waitFor({ state: 'hidden' })
  expect(receiver.received.some((request) => textOf(request).includes('Poison'))).toBe(true)

  // A range again, which waits while the stream is paused.
  await card.getByRole('button', { name: 'Pause' }).click()
  await card.getByText('Paused', { exact: true }).waitFor()
  await card.getByRole('button', { name: 'Send a range again' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('From').fill('2020-01-01T00:00')
  await dialog.getByText(/pass the filter of this webhook/).waitFor()
  await dialog.getByRole('button', { name: /^Send \d+ again$/ }).click()
  await dialog.waitFor({ state: 'hidden' })
  await card.getByRole('region', { name: 'Being sent again' }).waitFor()
  await picture(page, 'stream-paused')
  await card.getByRole('button', { name: /^Cancel sending events/ }).click()
  await card.getByRole('region', { name: 'Being sent again' }).waitFor({ state: 'hidden' })
  await card.getByRole('button', { name: 'Resume' }).click()
  await card.getByText('Running').waitFor()

  // Back to the beginning, after a second question.
  const before = receiver.received.length
  await card.getByRole('button', { name: 'Move' }).click()
  await dialog.getByLabel('The beginning of the log').check()
  await dialog.getByRole('button', { name: 'Move the stream' }).click()
  await dialog.getByText('The whole log is sent').waitFor()
  await dialog.getByRole('button', { name: 'Yes, move it' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBeGreaterThan(before)

  // An edit keeps everything.
  await page.goto(`${server.url}/webhooks/${id}/edit`)
  expect(await page.getByLabel('Sends to').inputValue()).toBe('splunk')
  // A condition is tried on the events that went out.
  await page.locator('summary', { hasText: 'Every event' }).click()
  await page
    .getByRole('textbox', { name: 'Condition' })
    .fill('payload.event.event_type == "CUSTOM_DOOR_OPENED"')
  await page.getByRole('button', { name: 'Try it' }).click()
  const results = page.getByRole('list', { name: 'Results of the condition' })
  await results.getByText('Left out').first().waitFor()
  await results.getByText('Sent').first().waitFor()
  await picture(page, 'stream-condition')
  await page.getByRole('textbox', { name: 'Condition' }).fill('')
  await page.getByLabel('Description').fill('All changes')
  await page.getByRole('button', { name: 'Save webhook' }).click()
  await page.waitForURL(new RegExp(`/webhooks/${id}$`))
  const changed = (await api<WebhookRead>('GET', `/webhooks/${id}`, undefined, key)).body
  expect(changed).toMatchObject({ description: 'All changes', stream: made.stream })
  expect(changed.authentication).toEqual(made.authentication)
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByText('Splunk HTTP Event Collector').waitFor()

  expect(complaints).toEqual([])
  await server.end('SIGTERM')
})
