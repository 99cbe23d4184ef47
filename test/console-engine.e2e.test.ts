/** The delivery engine in the console: settings, overview, rotation, sending again, late answers. */
import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import { expect, onTestFinished, test } from 'vitest'
import { apiOf } from '../packages/server/test/support/harness.ts'
import { json, startReceiver } from '../packages/server/test/support/receiver.ts'
import { browserForFile, openPage, picture, setUpAdministrator } from './support/console-page.ts'
import { bootstrapKey, migratedFolder, startServer } from './support/server-process.ts'

const browser = browserForFile()
const key = { key: bootstrapKey }

test('an administrator sets a webhook up for a difficult receiver and looks after it', async () => {
  const server = await startServer({ KEYHOOK_DATA_DIR: await migratedFolder() })
  const receiver = await startReceiver()
  onTestFinished(() => receiver.close())
  const { page, complaints } = await openPage(browser(), server.url)
  const api = apiOf(server.url)
  await setUpAdministrator(page, server.output())

  // A new webhook with everything that can be set.
  await page.goto(`${server.url}/webhooks/new?type=provisioning`)
  await page.getByLabel('Name', { exact: true }).fill('Accounts')
  await page.getByLabel('Endpoint URL').fill(receiver.url)
  const open = (section: string) => page.locator('summary', { hasText: section }).first().click()
  await open('Authentication')
  await page.getByLabel('How', { exact: true }).selectOption('bearer')
  await open('Condition')
  await page.getByLabel('Condition', { exact: true }).fill('payload.level ==')
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText(/Line 1, column \d+/).waitFor()
  await page.getByLabel('Condition', { exact: true }).fill('!has(payload.skip)')
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByRole('list', { name: 'Results of the condition' }).getByText('Called').waitFor()
  await open('Retries')
  await page.getByLabel('This endpoint may get the same delivery twice').check()
  await page.getByText(/3 attempts over at most/).waitFor()
  await open('Limits')
  await page.getByLabel('Deliveries at a time').fill('0')
  await open('Late answers')
  await page.getByLabel('The receiver may answer later').check()
  await open('TLS and signature')
  await page.getByLabel('Sign with Ed25519 too (v1a)').check()
  await page.getByLabel('Client certificate').fill('not a certificate')
  await picture(page, 'webhook-settings')

  // What is wrong is said next to each field, and nothing is lost.
  await page.getByRole('button', { name: 'Save webhook' }).click()
  await page
    .getByText('Enter the token')
    .or(page.getByText('Enter a value.'))
    .or(page.getByText(/At least 1/))
    .first()
    .waitFor()
  await page.getByLabel('Token', { exact: true }).fill('token-0123456789')
  await page.getByLabel('Deliveries at a time').fill('8')
  await page.getByRole('button', { name: 'Save webhook' }).click()
  await page.getByText('Required.').waitFor()
  await page.getByLabel('Its private key').fill('not a key')
  await page.getByRole('button', { name: 'Save webhook' }).click()
  await page.getByText(/This is not a certificate/).waitFor()
  await page.getByLabel('Client certificate').fill('')
  await page.getByLabel('Its private key').fill('')
  await page.getByRole('button', { name: 'Save webhook' }).click()
  await page.waitForURL(/\/webhooks\/wh_[0-9a-f]{32}/)
  const id = /wh_[0-9a-f]{32}/.exec(page.url())?.[0] ?? ''

  // The page after some traffic.
  const invoke = async (payload: object) =>
    (await api<DeliveryRead>('POST', `/webhooks/${id}/invoke`, { payload }, key)).body
  for (let count = 0; count < 4; count++) await invoke({ count })
  expect(receiver.received.at(-1)?.headers.authorization).toBe('Bearer token-0123456789')
  await invoke({ skip: true })
  receiver.answerWith(json(400))
  const failed = await invoke({ which: 'failed' })
  receiver.answerWith(json(202, { callback: true }))
  const later = await invoke({ which: 'later' })
  await page.goto(`${server.url}/webhooks/${id}?window=hour`)
  await page.getByText('Success rate').waitFor()
  await page.getByText('80 %').waitFor()
  await page.getByRole('link', { name: 'Wrong HTTP status' }).waitFor()
  await page.getByRole('region', { name: 'Deliveries over time' }).locator('svg').first().waitFor()
  await picture(page, 'webhook-overview')

  // Editing keeps the stored token.
  await page.goto(`${server.url}/webhooks/${id}/edit`)
  await page.getByLabel('Description').fill('Changed')
  await page.getByRole('button', { name: 'Save webhook' }).click()
  await page.waitForURL(new RegExp(`/webhooks/${id}$`))
  receiver.answerWith(json(200, { response: true }))
  await invoke({})
  expect(receiver.received.at(-1)?.headers.authorization).toBe('Bearer token-0123456789')

  // Settings, rotation, code.
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.getByText('Bearer token').waitFor()
  await page.getByRole('button', { name: /Rotate secret/ }).click()
  await page.getByRole('button', { name: 'Make a new secret' }).click()
  expect(await page.getByLabel('New signing secret').inputValue()).toMatch(/^whsec_/)
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByText(/is being rotated/).waitFor()
  await picture(page, 'webhook-signing')
  await page.getByRole('tab', { name: 'Code' }).click()
  await page.getByRole('tab', { name: 'Node, Ed25519' }).click()
  await page.getByText(/whpk_/).first().waitFor()
  await picture(page, 'webhook-code')

  // A test can start from a past payload.
  await page.getByRole('tab', { name: 'Overview' }).click()
  const choice = page.getByLabel('Start from')
  await choice.selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Test webhook' }).click()
  await page.getByRole('region', { name: 'Test result' }).getByText('Succeeded').first().waitFor()
  expect(JSON.parse(receiver.received.at(-1)?.body.toString() ?? '{}')).toMatchObject({ test: true })

  // Sending one again asks first, because the receiver may have acted.
  await page.goto(`${server.url}/deliveries/${failed.id}`)
  await page.getByRole('button', { name: 'Send again', exact: true }).click()
  await page.getByRole('button', { name: 'Send again all the same' }).click()
  await page.getByText('Succeeded').first().waitFor()
  await page.getByRole('tab', { name: 'Attempt 2' }).waitFor()
  expect(receiver.received.at(-1)?.headers['webhook-id']).toBe(failed.id)

  // A late answer.
  await page.goto(`${server.url}/deliveries/${later.id}`)
  await page.getByText('Awaiting callback').first().waitFor()
  await picture(page, 'delivery-later')
  const callback = new URL(JSON.parse(later.payload).callback_url)
  expect(
    (await fetch(callback, { method: 'POST', body: '{"response":false,"message":"No licence left"}' }))
      .status,
  ).toBe(204)
  await page.getByText('No licence left').first().waitFor()

  // Failed ones in bulk.
  await api('PATCH', `/webhooks/${id}`, { enabled: false }, key)
  for (let count = 0; count < 3; count++) await invoke({ count })
  await api('PATCH', `/webhooks/${id}`, { enabled: true }, key)
  await page.goto(`${server.url}/deliveries?webhook_id=${id}&failure_reason=webhook_disabled`)
  await page.getByRole('button', { name: /Send failed ones again/ }).click()
  await page.getByRole('button', { name: 'Send 3 again' }).click()
  await page.getByText('No delivery matches').waitFor()

  expect(complaints).toEqual([])
  await server.end('SIGTERM')
})
