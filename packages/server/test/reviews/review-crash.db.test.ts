import { accessReviewCreate } from '@keyhook/contract/api/access-review.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { newId } from '../../src/lib/ids.ts'
import { createReview } from '../../src/reviews/review-create.ts'
import { prepareStep } from '../../src/reviews/review-prepare.ts'
import { serviceForTest, type TestService } from '../support/harness.ts'
import { json, startReceiver } from '../support/receiver.ts'
import {
  addApp,
  addGrant,
  addPermission,
  addPerson,
  addWebhook,
  day,
  type Grant,
  grantNow,
} from './company.ts'
import { reviewsOf } from './reviews-api.ts'

const soon = { timeout: 20_000, interval: 100 }

/** Access of one person to many permissions, written down without requests. */
async function muchAccess(service: TestService, count: number) {
  const person = await addPerson(service, 'Much')
  const app = await addApp(service, 'Big')
  const { access_request_id } = await addGrant(service, person, app)
  const granted_at = new Date(service.ctx.clock())
  const rows = []
  for (let index = 1; index < count; index++)
    rows.push({
      id: newId('grt', granted_at.getTime()),
      request_id: access_request_id,
      app_id: app.id,
      permission_id: await addPermission(service.ctx, app.id, `P${index}`),
      user_id: person.id,
      status: 'active' as const,
      granted_at,
      expires_at: null,
      ended_at: null,
      end_reason: null,
      last_used_at: null,
      warn_at: null,
      inactivity_notice_at: null,
      inactivity_removal_at: null,
    })
  await service.ctx.db.insertInto('grants').values(rows).execute()
  return app
}

test('a preparation that was cut off goes on after a restart, with each access once', async () => {
  const service = await serviceForTest()
  const app = await muchAccess(service, 450)
  const principal = {
    kind: 'api_key' as const,
    id: 'key_1',
    name: 'Program',
    email: null,
    role: 'admin' as const,
  }
  const body = accessReviewCreate.parse({
    name: 'Big one',
    scope: { app_ids: [app.id] },
    reviewers: { type: 'app_admins' },
    deadline: new Date(service.ctx.clock() + day).toISOString(),
  })
  const made = await createReview(service.ctx, principal, body, null)
  expect(await prepareStep(service.ctx, made.id)).toBe(true)
  const again = await service.restart()
  onTestFinished(() => again.stop())
  const { read, itemsOf } = reviewsOf(again)
  await vi.waitFor(async () => expect((await read(made.id)).status).toBe('open'), soon)
  expect(await read(made.id)).toMatchObject({
    progress: { total: 450, decided: 0 },
    by_reviewer: [{ reviewer: { id: 'administrators' }, total: 450, decided: 0 }],
  })
  const [item] = await itemsOf(made.id, 'limit=1')
  expect(item?.fallback).toBe(
    'The app admins cannot review it: there are none. The administrators are asked instead.',
  )
})

test('removals that a crash left half done are begun once each, and nothing is sent twice', async () => {
  const receiver = await startReceiver()
  onTestFinished(() => receiver.close())
  const service = await serviceForTest()
  const provisioning = await addWebhook(service, 'provisioning', receiver.url)
  const deprovisioning = await addWebhook(service, 'deprovisioning', receiver.url)
  const app = await addApp(service, 'Ledger', { provisioning, deprovisioning })
  const grants: Grant[] = []
  for (let index = 0; index < 8; index++)
    grants.push(await addGrant(service, await addPerson(service, `P${index}`), app))
  const { review, close } = reviewsOf(service)
  const made = (await review({ scope: { app_ids: [app.id] }, default_decision: 'remove' })).body
  receiver.received.length = 0
  // Some answers come, some never do.
  let asked = 0
  receiver.answerWith((request, response) => {
    asked += 1
    if (asked % 2 === 1) json(200, { response: true })(request, response)
  })
  await close(made.id, { apply_default: true })
  await vi.waitFor(() => expect(receiver.received.length).toBeGreaterThan(2), soon)
  const again = await service.restart()
  onTestFinished(() => again.stop())
  await vi.waitFor(async () => {
    const states = await Promise.all(grants.map((grant) => grantNow(again, grant)))
    expect(states.filter(({ status }) => status === 'active' || status === 'deprovisioning')).toEqual([])
  }, soon)
  const sent = receiver.received.map(({ body }) => JSON.parse(body.toString()).grants[0].id as string)
  // What was begun and not sent when the server stopped is a task, and not sent by itself.
  expect(new Set(sent).size).toBe(sent.length)

  // As a crash right after a removal leaves it: begun, and not marked so.
  const { db } = again.ctx
  await db.updateTable('access_review_items').set({ removal_started_at: null }).execute()
  await db.updateTable('access_reviews').set({ removals_due: true }).execute()
  await vi.waitFor(async () => {
    const due = await db.selectFrom('access_reviews').select('id').where('removals_due', '=', true).execute()
    expect(due).toEqual([])
  }, soon)
  expect(receiver.received.length).toBe(sent.length)
  const { removing, removed } = (await reviewsOf(again).read(made.id)).outcome
  expect(removing + removed).toBe(8)
})
