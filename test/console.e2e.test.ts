/**
 * The five steps of the guide (choose a type, fill in the form, test, save, use) for each webhook type, in a real
 * browser from the printed set-up link on. Pictures of each page go to `test-results/screenshots`, in both sizes and
 * colour schemes; the one that the README shows is written on request (`KEYHOOK_README_PICTURE=1`).
 */
import { fileURLToPath } from 'node:url'
import { webhookTypes, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import { expect, onTestFinished, test } from 'vitest'
import { json, startReceiver } from '../packages/server/test/support/receiver.ts'
import { browserForFile, openPage, picture } from './support/console-page.ts'
import { migratedFolder, startServer } from './support/server-process.ts'

const readmePicture = fileURLToPath(new URL('../docs/images/test-webhook.png', import.meta.url))

const browser = browserForFile()

test('an administrator does the five steps of the guide for each webhook type', async () => {
  const server = await startServer({ KEYHOOK_DATA_DIR: await migratedFolder() })
  const receiver = await startReceiver()
  onTestFinished(() => receiver.close())
  const { page, complaints } = await openPage(browser(), server.url)
  const setupUrl = /one-time link\): (\S+)/.exec(server.output())?.[1] ?? ''

  // Set-up, from the printed link
  await page.goto(setupUrl)
  await page.getByLabel('Your name').fill('Ada Lovelace')
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Create administrator' }).click()
  await page.getByText('At least 12 characters', { exact: true }).waitFor()
  await picture(page, '01-set-up')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Create administrator' }).click()

  // The empty state leads to Add webhook
  await page.getByRole('heading', { name: 'Webhooks', level: 1 }).waitFor()
  await picture(page, '02-webhooks-empty')

  for (const type of webhookTypes) {
    const { label } = webhookTypeTable[type]
    const first = type === webhookTypes[0]
    receiver.answerWith(json(200, { response: true, message: 'Looks good' }))
    await page.goto(`${server.url}/webhooks`)

    // 1: choose the type
    await page.getByRole('main').getByRole('button', { name: 'Add webhook' }).first().click()
    await page.getByRole('heading', { name: 'Add webhook', level: 1 }).waitFor()
    if (first) await picture(page, '03-choose-type')
    await page.getByRole('button', { name: label, exact: true }).click()

    // 2: the form
    await page.getByLabel('Name', { exact: true }).fill(`${label} by script`)
    await page.getByLabel('Description').fill('Asks the HR system')
    await page.getByLabel('Endpoint URL').fill(receiver.url)
    await page.getByRole('button', { name: 'Add header' }).click()
    await page.getByLabel('Header name').fill('X-Api-Key')
    await page.getByLabel('Header value', { exact: true }).fill('browser-secret-1')
    const typed = page.getByLabel('Header value', { exact: true })
    expect(
      await typed.evaluate((field) =>
        (globalThis as unknown as { getComputedStyle(e: unknown): { getPropertyValue(n: string): string } })
          .getComputedStyle(field)
          .getPropertyValue('-webkit-text-security'),
      ),
    ).toBe('disc')

    // 3: Test Webhook before saving: success, then a broken receiver and what to do about it
    const result = page.getByRole('region', { name: 'Test result' })
    await page.getByRole('button', { name: 'Test webhook' }).click()
    await result.getByText('Succeeded').first().waitFor()
    expect(receiver.received.at(-1)?.headers).toMatchObject({
      'x-api-key': 'browser-secret-1',
      'keyhook-webhook-type': type,
    })
    if (first) {
      await picture(page, '04-test-succeeded')
      if (process.env.KEYHOOK_README_PICTURE) await page.screenshot({ path: readmePicture })
    }
    receiver.answerWith(type === 'siem' ? json(503, {}) : json(200, { result: 'ok' }))
    await page.getByRole('button', { name: /^Test (webhook|again)$/ }).click()
    await result.getByText('Failed').first().waitFor()
    await result
      .getByText(type === 'siem' ? /503/ : /neither `?output\.response`? nor `?response`?/i)
      .first()
      .waitFor()
    expect(await result.getByText('browser-secret-1').count()).toBe(0)
    if (first) await picture(page, '05-test-failed')
    receiver.answerWith(json(200, { response: true }))

    // 4: save
    await page.getByRole('button', { name: 'Save webhook' }).click()
    await page.waitForURL(/\/webhooks\/wh_[0-9a-f]{32}/)
    await page.getByRole('heading', { name: `${label} by script` }).waitFor()
    expect(await page.content()).not.toContain('browser-secret-1')

    // 5: use it: here by testing the saved one, which programs do by invoke
    await page.getByRole('button', { name: 'Test webhook' }).click()
    await result.getByText('Succeeded').first().waitFor()
    if (first) await picture(page, '06-webhook')
  }

  await page.goto(`${server.url}/webhooks`)
  for (const type of webhookTypes)
    await page.getByText(`${webhookTypeTable[type].label} by script`, { exact: true }).waitFor()
  await picture(page, '07-webhooks')

  // Deliveries: filters live in the address, back works
  await page.goto(`${server.url}/deliveries?status=failed`)
  await page.getByRole('heading', { name: 'Deliveries', level: 1 }).waitFor()
  await picture(page, '08-deliveries')
  await page
    .getByRole('main')
    .getByRole('link', { name: /\d\d:\d\d:\d\d/ })
    .first()
    .click()
  await page.waitForURL(/\/deliveries\/dlv_/)
  await page.getByRole('region', { name: 'What came back' }).waitFor()
  await picture(page, '09-delivery')
  await page.goBack()
  await page.waitForURL(/\/deliveries\?status=failed/)

  // API keys
  await page.goto(`${server.url}/api-keys`)
  await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor()
  await picture(page, '10-api-keys')

  // The sandbox: an endpoint URL without writing code
  await page.goto(`${server.url}/sandbox`)
  await page.getByRole('link', { name: /^Use in a new webhook: Right answer/ }).click()
  await page.getByRole('button', { name: 'Pre-approval' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Sandbox')
  await page.getByRole('button', { name: 'Test webhook' }).click()
  await page.getByRole('region', { name: 'Test result' }).getByText('Succeeded').first().waitFor()
  await page.getByRole('button', { name: 'Save webhook' }).click()
  await page.waitForURL(/\/webhooks\/wh_/)
  await page.goto(`${server.url}/sandbox`)
  await page
    .getByText(/signature:? valid/i)
    .first()
    .waitFor()
  await picture(page, '11-sandbox')

  // Bad input is told next to its field
  await page.goto(`${server.url}/webhooks/new?type=provisioning`)
  await page.getByLabel('Endpoint URL').fill('https://10.0.0.1/hook')
  await page.getByLabel('Name', { exact: true }).fill('Private')
  await page.getByRole('button', { name: 'Save webhook' }).click()
  await page
    .getByText(/10\.0\.0\.1/)
    .first()
    .waitFor()
  expect(await page.getByLabel('Endpoint URL').getAttribute('aria-invalid')).toBe('true')
  expect(
    await page.getByLabel('Endpoint URL').evaluate((field) => field.ownerDocument.activeElement === field),
  ).toBe(true)
  await picture(page, '12-bad-input')

  // Sign out, and in again where one was
  await page.goto(`${server.url}/webhooks`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await page.goto(`${server.url}/deliveries`)
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password', { exact: true }).fill('wrong password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText(/not right/).waitFor()
  await picture(page, '13-sign-in')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/deliveries/)
  await page.getByRole('heading', { name: 'Deliveries', level: 1 }).waitFor()

  // The documentation and the API reference come from this server alone
  await page.goto(`${server.url}/docs/protocol`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await picture(page, '14-docs')
  await page.goto(`${server.url}/api/docs`)
  await page.getByText('createWebhook').or(page.getByText('Create a webhook')).first().waitFor()

  expect(complaints).toEqual([])
})
