import type { AppRead } from '@keyhook/contract/api/app.ts'
import type { EventPage } from '@keyhook/contract/api/event.ts'
import type { LastUsedResult } from '@keyhook/contract/api/last-used.ts'
import { describe, expect, test, vi } from 'vitest'
import {
  type App,
  addApp,
  addGrant,
  addPerson,
  addWebhook,
  day,
  type Grant,
  grantNow,
  movableClock,
  requestOf,
} from '../reviews/company.ts'
import { json } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const time = movableClock()
const { service, receiver } = serviceWithReceiver({ clock: time.clock })
const soon = { timeout: 15_000, interval: 100 }
const policy = { after_days: 30, notice_days: 7 }

async function appWith(inactivity: unknown, more = {}): Promise<App> {
  const provisioning = await addWebhook(service, 'provisioning', receiver.url)
  const deprovisioning = await addWebhook(service, 'deprovisioning', receiver.url)
  return addApp(service, 'Ledger', { inactivity, provisioning, deprovisioning, ...more })
}

async function held(app: App): Promise<Grant> {
  return addGrant(service, await addPerson(service, 'Ann'), app)
}

const used = (grant: Grant, daysAgo = 0) =>
  service.api<LastUsedResult>('POST', '/grants/last-used', {
    uses: [{ grant_id: grant.id, last_used_at: new Date(time.clock() - daysAgo * day).toISOString() }],
  })

const noticed = (grant: Grant) =>
  vi.waitFor(async () => expect((await grantNow(service, grant)).inactivity_notice_at).not.toBeNull(), soon)

const ended = (grant: Grant) =>
  vi.waitFor(async () => expect((await grantNow(service, grant)).status).toBe('ended'), soon)

/** What the clock would have done by now has been done to this one. */
async function afterAnother(app: App): Promise<void> {
  const witness = await held(app)
  time.forward(31 * day)
  await noticed(witness)
}

describe('access that is not used', () => {
  test('is told of after a time, and removed a time after that', async () => {
    const grant = await held(await appWith(policy))
    time.forward(31 * day)
    await noticed(grant)
    const told = await grantNow(service, grant)
    expect(told.status).toBe('active')
    expect(Date.parse(told.inactivity_removal_at ?? '') - Date.parse(told.inactivity_notice_at ?? '')).toBe(
      7 * day,
    )
    receiver.received.length = 0
    time.forward(8 * day)
    await ended(grant)
    expect((await grantNow(service, grant)).end_reason).toBe('inactivity')
    expect(receiver.received.map(({ body }) => JSON.parse(body.toString()).reason)).toEqual(['inactivity'])
    const texts = (await requestOf(service, grant.access_request_id)).timeline.map(({ text }) => text)
    const since = grant.granted_at.slice(0, 10)
    expect(texts).toContainEqual(
      expect.stringMatching(`^Told that access is not used. Not used since ${since}. It is removed on .+$`),
    )
    expect(texts).toContain(`Access ends. Not used since ${since}.`)
  })

  test('that a receiver does not remove becomes a task', async () => {
    const app = await appWith(policy)
    const grant = await held(app)
    time.forward(31 * day)
    await noticed(grant)
    receiver.answerWith(json(500))
    time.forward(8 * day)
    await vi.waitFor(
      async () => expect((await grantNow(service, grant)).status).toBe('awaiting_removal'),
      soon,
    )
    const tasks = await service.api<{ data: unknown[] }>('GET', `/tasks?assigned=any&app_id=${app.id}`)
    expect(tasks.body.data.length).toBe(1)
  })

  test('stays when it is used after the notice', async () => {
    const app = await appWith(policy)
    const [grant, unused] = [await held(app), await held(app)]
    time.forward(31 * day)
    await noticed(grant)
    await noticed(unused)
    expect((await used(grant)).body).toEqual({ updated: 1, unchanged: 0, ignored: 0, notices_cancelled: 1 })
    expect(await grantNow(service, grant)).toMatchObject({
      status: 'active',
      inactivity_notice_at: null,
      inactivity_removal_at: null,
    })
    const events = await service.api<EventPage>(
      'GET',
      `/events?type=APP_STORE_CANCEL_INACTIVITY_NOTICE&target_id=${grant.id}`,
    )
    expect(events.body.data.length).toBe(1)
    time.forward(8 * day)
    await ended(unused)
    expect((await grantNow(service, grant)).status).toBe('active')
  })

  test('is still told of when the use that is reported is as old', async () => {
    const grant = await held(await appWith(policy))
    time.forward(40 * day)
    await noticed(grant)
    expect((await used(grant, 35)).body).toMatchObject({ updated: 1, notices_cancelled: 0 })
    expect((await grantNow(service, grant)).inactivity_notice_at).not.toBeNull()
  })

  test('counts from when it was given while no use is known, also for a use before that', async () => {
    const app = await appWith(policy)
    const grant = await held(app)
    await used(grant, 200)
    time.forward(20 * day)
    await afterAnother(await appWith(policy))
    const now = await grantNow(service, grant)
    expect(now.inactivity_notice_at && Date.parse(now.inactivity_notice_at)).toBeGreaterThan(
      Date.parse(grant.granted_at) + 30 * day,
    )
  })

  test('is left alone by apps without a policy', async () => {
    const grant = await held(await appWith(null))
    time.forward(400 * day)
    await afterAnother(await appWith(policy))
    expect(await grantNow(service, grant)).toMatchObject({ status: 'active', inactivity_notice_at: null })
  })
})

describe('a change of the policy', () => {
  const patch = async (app: App, inactivity: unknown) => {
    const answer = await service.api<AppRead>('PATCH', `/apps/${app.id}`, { inactivity })
    expect([answer.status, answer.body.inactivity], answer.text).toEqual([200, inactivity])
  }

  test('takes back the notices that the old one gave', async () => {
    const app = await appWith(policy)
    const grant = await held(app)
    time.forward(31 * day)
    await noticed(grant)
    await patch(app, null)
    expect((await grantNow(service, grant)).inactivity_removal_at).toBeNull()
    time.forward(30 * day)
    await afterAnother(await appWith(policy))
    expect((await grantNow(service, grant)).status).toBe('active')
  })

  test('gives those whom the new one is about its whole time', async () => {
    const app = await appWith(policy)
    const grant = await held(app)
    time.forward(31 * day)
    await noticed(grant)
    time.forward(6 * day)
    await patch(app, { after_days: 10, notice_days: 20 })
    await noticed(grant)
    const { inactivity_removal_at } = await grantNow(service, grant)
    expect(Date.parse(inactivity_removal_at ?? '')).toBeGreaterThan(time.clock() + 19 * day)
  })
})
