import type { AccessReviewPreview } from '@keyhook/contract/api/access-review.ts'
import type { EventPage } from '@keyhook/contract/api/event.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import { describe, expect, test, vi } from 'vitest'
import { json } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'
import { addApp, addGrant, addPerson, addWebhook, day, grantNow, movableClock, sessionOf } from './company.ts'
import { reviewsOf } from './reviews-api.ts'

const time = movableClock()
const { service, receiver } = serviceWithReceiver({ clock: time.clock })
const { review, itemsOf, decide, read, close } = reviewsOf(service)
const soon = { timeout: 15_000, interval: 100 }

/** An app whose webhooks always say yes, a manager, and two people who have it. */
async function company() {
  const provisioning = await addWebhook(service, 'provisioning', receiver.url)
  const deprovisioning = await addWebhook(service, 'deprovisioning', receiver.url)
  const app = await addApp(service, 'Ledger', { provisioning, deprovisioning })
  const boss = await addPerson(service, 'Boss')
  const ann = await addPerson(service, 'Ann', { manager_id: boss.id })
  const bob = await addPerson(service, 'Bob', { manager_id: boss.id })
  const grants = { ann: await addGrant(service, ann, app), bob: await addGrant(service, bob, app) }
  const begin = async (more: Record<string, unknown> = {}) => {
    const made = await review({ scope: { app_ids: [app.id] }, ...more })
    expect(made.status, made.text).toBe(201)
    return made.body
  }
  return { app, boss, ann, bob, grants, begin }
}

describe('an access review', () => {
  test('asks the manager of each person about the access that they have, and counts what is decided', async () => {
    const { begin, boss, ann, grants } = await company()
    const made = await begin()
    expect(made).toMatchObject({
      status: 'open',
      progress: { total: 2, decided: 0, keep: 0, remove: 0 },
      by_reviewer: [{ reviewer: { id: boss.id }, total: 2, decided: 0 }],
      allowed: ['change', 'decide', 'sign_off', 'cancel'],
    })
    const asBoss = await sessionOf(service, boss)
    const items = await itemsOf(made.id, 'assigned=me', asBoss)
    expect(items.map((item) => item.grant.id).sort()).toEqual([grants.ann.id, grants.bob.id].sort())
    const anns = items.find((item) => item.grant.user.id === ann.id)
    const kept = await decide(anns, { decision: 'keep' }, asBoss)
    expect(kept.body).toMatchObject({
      decision: 'keep',
      status: 'keep',
      decided_by: boss.name,
      allowed: ['keep', 'remove'],
    })
    const changed = await decide(anns, { decision: 'remove', reason: 'Moved on' }, asBoss)
    expect(changed.body).toMatchObject({ decision: 'remove', status: 'remove', reason: 'Moved on' })
    expect(await read(made.id, asBoss)).toMatchObject({
      progress: { total: 2, decided: 1, keep: 0, remove: 1 },
      mine: { total: 2, undecided: 1 },
      allowed: ['decide'],
    })
    // Nothing is removed before the review is over.
    expect((await grantNow(service, grants.ann)).status).toBe('active')
  })

  test('removes at sign-off what was decided, tells who decided it, and freezes', async () => {
    const { begin, boss, grants } = await company()
    const made = await begin()
    const asBoss = await sessionOf(service, boss)
    for (const item of await itemsOf(made.id)) {
      const goes = item.grant.id === grants.ann.id
      await decide(item, goes ? { decision: 'remove', reason: 'No need' } : { decision: 'keep' }, asBoss)
    }
    receiver.received.length = 0
    const closed = await close(made.id, { comment: 'All done' })
    expect(closed.body).toMatchObject({ status: 'signed_off', sign_off_comment: 'All done', allowed: [] })
    await vi.waitFor(async () => expect((await read(made.id)).outcome.removed).toBe(1), soon)
    const grant = await grantNow(service, grants.ann)
    expect(grant).toMatchObject({ status: 'ended', end_reason: 'access_review' })
    expect((await grantNow(service, grants.bob)).status).toBe('active')
    const sent = receiver.received.map(({ body }) => JSON.parse(body.toString()))
    expect(sent.map(({ reason }) => reason)).toEqual(['access_review'])
    const request = await service.api<{ timeline: { text: string; message: string | null }[] }>(
      'GET',
      `/access-requests/${grant.access_request_id}`,
    )
    const told = request.body.timeline.map(({ text, message }) => `${text} ${message ?? ''}`)
    expect(told).toContain('Access reviewed. “Quarter”: remove. No need')
    expect(told).toContain(`Access ends. Decided in the access review “Quarter” by ${boss.name}. No need`)
    const [item] = await itemsOf(made.id, 'status=removed')
    expect(item?.grant.id).toBe(grants.ann.id)
    const late = await decide(item, { decision: 'keep' })
    expect([late.status, late.body.code]).toEqual([409, 'review_state_conflict'])
    for (const what of ['close', 'cancel']) {
      const again = await service.api('POST', `/access-reviews/${made.id}/${what}`, {})
      expect(again.body).toMatchObject({ code: 'review_state_conflict', state: { status: 'signed_off' } })
    }
  })

  test('is not signed off while something is undecided, unless the default is asked for', async () => {
    const { begin, grants } = await company()
    const made = await begin({ default_decision: 'remove' })
    const refused = await close(made.id)
    expect([refused.status, refused.body.code]).toEqual([409, 'review_undecided'])
    expect(refused.body.detail).toContain('2 of 2 are not decided')
    const closed = await close(made.id, { apply_default: true })
    expect(closed.body).toMatchObject({ status: 'signed_off', outcome: { by_default: 2 } })
    await vi.waitFor(async () => expect((await grantNow(service, grants.bob)).status).toBe('ended'), soon)
  })

  test.each(['keep', 'remove', 'none'] as const)(
    'does at its deadline what its default says: %s',
    async (default_decision) => {
      const { begin, boss, grants } = await company()
      const made = await begin({ default_decision })
      const [first] = await itemsOf(made.id)
      await decide(first, { decision: 'keep' }, await sessionOf(service, boss))
      time.forward(15 * day)
      await vi.waitFor(async () => expect((await read(made.id)).status).toBe('ended'), soon)
      const byDefault = default_decision === 'none' ? 0 : 1
      expect(await read(made.id)).toMatchObject({
        progress: { total: 2, decided: 1 + byDefault },
        outcome: { by_default: byDefault },
        allowed: ['sign_off'],
      })
      const second = (await itemsOf(made.id)).find((item) => item.id !== first?.id)
      expect(second).toMatchObject({
        decision: default_decision === 'none' ? null : default_decision,
        by_default: default_decision !== 'none',
        decided_by: null,
        allowed: [],
      })
      const other = first?.grant.id === grants.ann.id ? grants.bob : grants.ann
      const end = default_decision === 'remove' ? 'ended' : 'active'
      await vi.waitFor(async () => expect((await grantNow(service, other)).status).toBe(end), soon)
      expect((await close(made.id)).body.status).toBe('signed_off')
    },
  )

  test('reminds once, before the deadline and not after', async () => {
    const { begin } = await company()
    const made = await begin({ remind_before_seconds: 86_400 })
    const reminded = async () =>
      (await service.api<EventPage>('GET', `/events?type=ACCESS_REVIEW_REMINDED&target_id=${made.id}`)).body
        .data.length
    time.forward(13.5 * day)
    await vi.waitFor(async () => expect(await reminded()).toBe(1), soon)
    time.forward(day)
    await vi.waitFor(async () => expect((await read(made.id)).status).toBe('ended'), soon)
    expect(await reminded()).toBe(1)
  })

  test('cancelled, changes nothing', async () => {
    const { begin, grants } = await company()
    const made = await begin()
    const [item] = await itemsOf(made.id)
    await decide(item, { decision: 'remove', reason: 'Gone' })
    const cancelled = await service.api('POST', `/access-reviews/${made.id}/cancel`, {
      reason: 'Wrong scope',
    })
    expect(cancelled.body).toMatchObject({ status: 'cancelled', allowed: [], mine: { undecided: 0 } })
    expect((await decide(item, { decision: 'keep' })).body.code).toBe('review_state_conflict')
    expect((await grantNow(service, grants.ann)).status).toBe('active')
  })

  test('shows access that ended in the meantime as such, and asks nothing about it', async () => {
    const { begin, boss, grants } = await company()
    const made = await begin({ default_decision: 'keep' })
    const asBoss = await sessionOf(service, boss)
    await service.api('POST', `/grants/${grants.ann.id}/revoke`, { reason: 'Left the team' })
    await vi.waitFor(async () => expect((await grantNow(service, grants.ann)).status).toBe('ended'), soon)
    const [ended] = await itemsOf(made.id, 'status=ended_before')
    expect(ended).toMatchObject({ decision: null, allowed: [], grant: { end_reason: 'revoked' } })
    expect((await decide(ended, { decision: 'keep' }, asBoss)).body).toMatchObject({
      code: 'review_state_conflict',
      state: { status: 'ended_before' },
    })
    const inbox = await service.api<{ reviews: number }>('GET', '/inbox', undefined, asBoss)
    expect(inbox.body.reviews).toBe(1)
    const closed = await close(made.id, { apply_default: true })
    expect(closed.body).toMatchObject({
      progress: { decided: 1 },
      outcome: { by_default: 1, ended_before: 1 },
    })
  })

  test('counts what it would be about without making anything', async () => {
    const { app } = await company()
    await addGrant(service, await addPerson(service, 'Lone'), app)
    const before = await service.api<Page<unknown>>('GET', '/access-reviews')
    const preview = await service.api<AccessReviewPreview>('POST', '/access-reviews', {
      name: 'Try',
      scope: { app_ids: [app.id] },
      reviewers: { type: 'manager' },
      deadline: new Date(time.clock() + day).toISOString(),
      dry_run: true,
    })
    expect([preview.status, preview.body]).toEqual([
      200,
      { dry_run: true, grants: 3, users: 3, apps: 1, without_reviewer: 1 },
    ])
    const after = await service.api<Page<unknown>>('GET', '/access-reviews')
    expect(after.body.data.length).toBe(before.body.data.length)
  })

  test('leaves what a receiver does not remove to people, and counts it as under way', async () => {
    const { begin, grants, app } = await company()
    const made = await begin()
    for (const item of await itemsOf(made.id)) await decide(item, { decision: 'remove', reason: 'All go' })
    receiver.answerWith(json(500))
    await close(made.id)
    await vi.waitFor(async () => {
      expect((await grantNow(service, grants.ann)).status).toBe('awaiting_removal')
      expect((await grantNow(service, grants.bob)).status).toBe('awaiting_removal')
    }, soon)
    expect((await read(made.id)).outcome).toMatchObject({ removing: 2, removed: 0 })
    const tasks = await service.api<Page<{ id: string }>>('GET', `/tasks?assigned=any&app_id=${app.id}`)
    expect(tasks.body.data.length).toBe(2)
    for (const { id } of tasks.body.data) await service.api('POST', `/tasks/${id}/complete`, {})
    expect((await read(made.id)).outcome).toMatchObject({ removing: 0, removed: 2 })
  })
})
