/**
 * The stories of access, end to end in a real browser with real receivers: refused and corrected, pre-approved, approved on
 * a phone, provisioned by 204, a timeout that a person confirms, the end by time, by review and by offboarding.
 */
import type { AppRead } from '@keyhook/contract/api/app.ts'
import type { UserRead } from '@keyhook/contract/api/user.ts'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import {
  call,
  makeApp,
  makeUser,
  makeWebhook,
  receiverForTest,
} from '../packages/server/test/access/support.ts'
import { apiOf } from '../packages/server/test/support/harness.ts'
import { json } from '../packages/server/test/support/receiver.ts'
import { browserForFile, openPage, picture, setUpAdministrator } from './support/console-page.ts'
import { bootstrapKey, migratedFolder, startServer } from './support/server-process.ts'

const browser = browserForFile()
const password = 'correct horse battery staple'
const phone = { width: 390, height: 844 }

async function companyForTest() {
  const server = await startServer({ KEYHOOK_DATA_DIR: await migratedFolder() })
  onTestFinished(() => server.end('SIGTERM').then(() => {}))
  const plain = apiOf(server.url)
  const api: typeof plain = (method, path, body, options) =>
    plain(method, path, body, { key: bootstrapKey, ...options })
  return { ...server, api }
}
type Company = Awaited<ReturnType<typeof companyForTest>>

/** Opens a page of their own for somebody, by the link of their invitation. */
async function signIn(company: Company, user: UserRead): Promise<Page> {
  const { url } = await call<{ url: string }>(company, 'POST', `/users/${user.id}/invite`)
  const { page } = await openPage(browser(), company.url)
  await page.goto(url)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: /password/i }).click()
  await page.getByRole('heading', { name: 'Catalogue', level: 1 }).waitFor()
  return page
}

/** Asks for a permission of an app in the console, up to the answer. */
async function ask(page: Page, app: Pick<AppRead, 'name'>, permission: string, why: string) {
  await page.getByRole('link', { name: 'Catalogue' }).first().click()
  await page.getByRole('link', { name: app.name }).first().click()
  // The only permission of an app is chosen already.
  await page.getByRole('checkbox', { name: permission }).check()
  await page.getByLabel('Why you need it').fill(why)
  await page.getByRole('button', { name: 'Send request' }).click()
}

const state = (page: Page) => page.getByRole('region', { name: 'Where it stands' })

test('refused by a check with its words, corrected, pre-approved by a webhook, given by 204', {
  timeout: 240_000,
}, async () => {
  const company = await companyForTest()
  const validation = await receiverForTest(
    json(200, { response: false, message: 'Name the project: <b>it</b> is missing.' }),
  )
  const preApproval = await receiverForTest()
  const provisioning = await receiverForTest(json(204))
  const app = await makeApp(company, {
    name: 'Build farm',
    icon: 'BF',
    approvers: [{ type: 'app_admins' }],
    webhooks: {
      request_validation: (await makeWebhook(company, 'request_validation', validation.url)).id,
      provisioning: (await makeWebhook(company, 'provisioning', provisioning.url)).id,
    },
  })
  const rule = await makeWebhook(company, 'pre_approval', preApproval.url)
  await call(company, 'POST', `/apps/${app.id}/pre-approval-rules`, {
    name: 'Known to HR',
    webhook_ids: [rule.id],
  })
  const page = await signIn(company, await makeUser(company, { given_name: 'Ines', family_name: 'Carvalho' }))
  await picture(page, '20-catalogue')
  await ask(page, app, 'Reader', 'Builds')
  await page.getByText('A check refused this request').waitFor()
  // The receiver's own words, as text.
  await page.getByText('Name the project: <b>it</b> is missing.').waitFor()
  expect(await page.getByLabel('Why you need it').inputValue()).toBe('Builds')
  expect(await page.getByRole('checkbox', { name: 'Reader' }).isChecked()).toBe(true)
  await picture(page, '21-refused')
  validation.answerWith(json(200, { response: true }))
  await page.getByLabel('Why you need it').fill('Builds of the Apollo project')
  await page.getByRole('button', { name: 'Send again' }).click()
  await page.waitForURL(/\/requests\/req_/)
  await state(page).getByText('Known to HR').waitFor()
  await state(page).getByText('Active').waitFor()
  await picture(page, '22-request-active')
  expect([preApproval.received.length, provisioning.received.length]).toEqual([1, 1])
})

test('approved by the manager on a phone; a timeout becomes a task that an app admin confirms; the access ends in time', {
  timeout: 240_000,
}, async () => {
  const company = await companyForTest()
  const provisioning = await receiverForTest(() => {})
  const deprovisioning = await receiverForTest(json(204))
  const manager = await makeUser(company, { given_name: 'Jonas', family_name: 'Lindqvist' })
  const admin = await makeUser(company, { given_name: 'Kofi', family_name: 'Mensah' })
  const user = await makeUser(company, { given_name: 'Omar', family_name: 'Haddad', manager_id: manager.id })
  const app = await makeApp(company, {
    name: 'Cloud console',
    approvers: [{ type: 'manager' }],
    admins: [admin.id],
    access_lengths_seconds: [60],
    webhooks: {
      provisioning: (await makeWebhook(company, 'provisioning', provisioning.url, { time_limit_ms: 1_000 }))
        .id,
      deprovisioning: (await makeWebhook(company, 'deprovisioning', deprovisioning.url)).id,
    },
  })
  const asker = await signIn(company, user)
  await ask(asker, app, 'Reader', 'Load tests')
  await asker.waitForURL(/\/requests\/req_/)
  await state(asker).getByText('Jonas Lindqvist').waitFor()

  const approver = await signIn(company, manager)
  await approver.setViewportSize(phone)
  await approver.goto(`${company.url}/inbox`)
  await approver.getByRole('list', { name: 'What waits for you' }).getByRole('link').first().click()
  await approver.getByRole('button', { name: 'Approve' }).first().waitFor()
  await picture(approver, '23-approve')
  await approver.setViewportSize(phone)
  await approver.getByRole('button', { name: 'Approve' }).first().click()
  await approver.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  await state(asker)
    .getByText(/by hand/i)
    .first()
    .waitFor({ timeout: 30_000 })

  const helper = await signIn(company, admin)
  await helper.goto(`${company.url}/inbox`)
  await helper.getByRole('list', { name: 'What waits for you' }).getByRole('link').first().click()
  await helper.getByRole('button', { name: 'Done', exact: true }).waitFor()
  await picture(helper, '24-task')
  // What was sent, for whom it concerns: without what runs the webhook.
  await helper.getByRole('link', { name: 'See the delivery' }).click()
  await helper.getByText('Request and response').waitFor()
  expect(await helper.getByRole('button', { name: 'Send again' }).count()).toBe(0)
  await picture(helper, '24-task-delivery')
  await helper.getByRole('link', { name: '← The request' }).click()
  await helper.getByRole('link', { name: 'See the delivery' }).first().waitFor()
  await helper.goto(`${company.url}/inbox`)
  await helper.getByRole('list', { name: 'What waits for you' }).getByRole('link').first().click()
  await helper.getByRole('button', { name: 'Done', exact: true }).click()
  await helper.getByRole('dialog').getByRole('button', { name: 'Yes, the access is there' }).click()
  await asker.goto(`${company.url}/my-access`)
  await asker.getByText('Cloud console').first().waitFor()
  await picture(asker, '25-my-access')
  // A minute later it has ended, without anybody doing anything.
  await expect.poll(() => deprovisioning.received.length, { timeout: 90_000 }).toBe(1)
  await asker.goto(`${company.url}/my-requests`)
  await asker.getByText('Ended').first().waitFor()
})

test('a review removes access, and offboarding removes the rest', { timeout: 240_000 }, async () => {
  const company = await companyForTest()
  const deprovisioning = await receiverForTest(json(204))
  const webhook = await makeWebhook(company, 'deprovisioning', deprovisioning.url)
  const admin = await makeUser(company, { given_name: 'Sam', family_name: 'Whitaker' })
  const lena = await makeUser(company, { given_name: 'Lena', family_name: 'Vogel' })
  const sales = { admins: [admin.id], webhooks: { deprovisioning: webhook.id } }
  for (const name of ['Customer database', 'Contracts']) {
    const app = await makeApp(company, { name, ...sales })
    const request = await call<{ tasks: { id: string }[] }>(
      company,
      'POST',
      '/access-requests',
      { app_id: app.id, permission_ids: [app.permissions[0]?.id], requester_id: lena.id },
      { headers: { prefer: 'wait=20' } },
    )
    await call(company, 'POST', `/tasks/${request.tasks[0]?.id}/complete`)
  }
  await call(company, 'POST', '/access-reviews', {
    name: 'End of the year',
    reviewers: { type: 'app_admins' },
    deadline: new Date(Date.now() + 86_400_000).toISOString(),
  })
  const reviewer = await signIn(company, admin)
  await reviewer.goto(`${company.url}/inbox`)
  await reviewer
    .getByRole('link', { name: /End of the year/ })
    .first()
    .click()
  await reviewer.getByRole('list', { name: 'Access under review' }).waitFor()
  await picture(reviewer, '26-review')
  await reviewer.getByRole('button', { name: 'Remove Reader of Lena Vogel' }).first().click()
  await reviewer.getByRole('dialog').getByLabel('Reason').fill('Moved to another team')
  await reviewer
    .getByRole('dialog')
    .getByRole('button', { name: /Remove/ })
    .click()
  await reviewer.getByRole('button', { name: 'Keep Reader of Lena Vogel' }).last().click()

  const { page } = await openPage(browser(), company.url)
  await setUpAdministrator(page, company.output())
  await page.goto(`${company.url}/reviews`)
  await page
    .getByRole('link', { name: /End of the year/ })
    .first()
    .click()
  await page
    .getByRole('button', { name: /Sign off/ })
    .first()
    .click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Sign off/ })
    .click()
  await expect.poll(() => deprovisioning.received.length, { timeout: 30_000 }).toBe(1)

  await page.goto(`${company.url}/users/${lena.id}`)
  await page.getByRole('button', { name: 'Deactivate' }).first().click()
  await page.getByRole('button', { name: 'Deactivate and remove access' }).click()
  await page.waitForURL(/\/offboardings\/off_/)
  await expect.poll(() => deprovisioning.received.length, { timeout: 30_000 }).toBe(2)
  await page
    .getByText(/done|finished/i)
    .first()
    .waitFor({ timeout: 30_000 })
  await picture(page, '27-offboarding')
  const reasons = deprovisioning.received.map(({ body }) => JSON.parse(body.toString()).reason)
  expect(reasons).toEqual(['access_review', 'offboarding'])
})
