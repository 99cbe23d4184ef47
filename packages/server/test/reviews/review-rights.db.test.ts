import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { ApiOptions } from '../support/harness.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'
import { addApp, addGrant, addGroup, addPerson, day, sessionOf } from './company.ts'
import { reviewsOf } from './reviews-api.ts'

const { service } = serviceWithReceiver()
const { review, itemsOf, decide, read } = reviewsOf(service)

const unknown = (prefix: string) => `${prefix}_${randomUUID().replaceAll('-', '')}`
const later = () => new Date(service.ctx.clock() + day).toISOString()

/** One review with one item that the manager is asked about, and people around it. */
async function oneReview() {
  const appAdmin = await addPerson(service, 'Appadmin')
  const app = await addApp(service, 'Ledger', { admins: [appAdmin] })
  const boss = await addPerson(service, 'Boss')
  const ann = await addPerson(service, 'Ann', { manager_id: boss.id })
  const grant = await addGrant(service, ann, app)
  const made = (await review({ scope: { app_ids: [app.id] } })).body
  const [item] = await itemsOf(made.id)
  const administrator = await addPerson(service, 'Root', { role: 'admin' })
  return { app, appAdmin, boss, ann, grant, made, item, administrator }
}

describe('who may do what', () => {
  test('the routes answer each level as the table says, and what is not theirs as if it were not there', async () => {
    const { appAdmin, boss, ann, made, item, administrator } = await oneReview()
    const callers: Record<string, ApiOptions> = {
      admin: await sessionOf(service, administrator),
      boss: await sessionOf(service, boss),
      appAdmin: await sessionOf(service, appAdmin),
      person: await sessionOf(service, ann),
      nobody: { key: null },
    }
    const at = `/access-reviews/${made.id}`
    const body = { name: 'X', reviewers: { type: 'manager' }, deadline: later(), dry_run: true }
    const keep = { decision: 'keep' }
    const calls: [method: string, path: string, body: unknown, expected: Record<string, number>][] = [
      ['GET', '/access-reviews', undefined, { admin: 200, boss: 200, appAdmin: 200, person: 200 }],
      ['GET', '/inbox', undefined, { admin: 200, boss: 200, appAdmin: 200, person: 200 }],
      ['POST', '/access-reviews', body, { admin: 200, boss: 404, appAdmin: 404, person: 404 }],
      ['GET', at, undefined, { admin: 200, boss: 200, appAdmin: 404, person: 404 }],
      ['PATCH', at, { name: 'Y' }, { admin: 200, boss: 404, appAdmin: 404, person: 404 }],
      ['GET', `${at}/items`, undefined, { admin: 200, boss: 200, appAdmin: 404, person: 404 }],
      ['GET', `${at}/report.csv`, undefined, { admin: 200, boss: 404, appAdmin: 404, person: 404 }],
      ['POST', `${at}/items/${item?.id}/decide`, keep, { admin: 200, boss: 200, appAdmin: 404, person: 404 }],
      [
        'POST',
        `${at}/items/decide`,
        { decisions: [{ item_id: item?.id, ...keep }] },
        { admin: 200, boss: 200, appAdmin: 404, person: 404 },
      ],
      ['POST', `${at}/close`, {}, { boss: 404, appAdmin: 404, person: 404 }],
      ['POST', `${at}/cancel`, {}, { boss: 404, appAdmin: 404, person: 404 }],
    ]
    for (const [method, path, sent, expected] of calls) {
      for (const [who, status] of Object.entries({ ...expected, nobody: 401 })) {
        const answer = await service.api(method, path, sent, callers[who] as ApiOptions)
        expect([who, method, path, answer.status], answer.text).toEqual([who, method, path, status])
      }
    }
  })

  test('a list holds the reviews that ask the caller; to others it is empty', async () => {
    const { boss, ann, made } = await oneReview()
    const asBoss = await sessionOf(service, boss)
    const list = async (query: string, options: ApiOptions) =>
      (
        await service.api<{ data: { id: string; mine: unknown }[] }>(
          'GET',
          `/access-reviews?${query}`,
          undefined,
          options,
        )
      ).body.data
    for (const query of ['', 'assigned=me', 'status=open'])
      expect(await list(query, asBoss)).toMatchObject([{ id: made.id, mine: { total: 1, undecided: 1 } }])
    expect(await list('status=cancelled', asBoss)).toEqual([])
    expect(await list('', await sessionOf(service, ann))).toEqual([])
  })

  test('nobody decides about their own access, also as an administrator or a member of a group that is asked', async () => {
    const root = await addPerson(service, 'Root', { role: 'admin' })
    const member = await addPerson(service, 'Member')
    const group = await addGroup(service, 'Auditors', [root, member])
    const app = await addApp(service, 'Vault')
    await addGrant(service, root, app)
    const made = (
      await review({ scope: { app_ids: [app.id] }, reviewers: { type: 'named', principal_ids: [group.id] } })
    ).body
    const asRoot = await sessionOf(service, root)
    const [item] = await itemsOf(made.id, '', asRoot)
    expect(item).toMatchObject({ allowed: [], reviewers: [{ id: group.id }], fallback: null })
    const refused = await decide(item, { decision: 'keep' }, asRoot)
    expect([refused.status, refused.body.code]).toEqual([409, 'own_access'])
    expect(await itemsOf(made.id, 'assigned=me', asRoot)).toEqual([])
    expect((await service.api('GET', '/inbox', undefined, asRoot)).body).toMatchObject({ reviews: 0 })
    const asMember = await sessionOf(service, member)
    expect((await service.api('GET', '/inbox', undefined, asMember)).body).toMatchObject({ reviews: 1 })
    expect((await decide(item, { decision: 'keep' }, asMember)).status).toBe(200)
  })

  test('a reviewer sees and decides only what they are asked about', async () => {
    const { app, boss, item } = await oneReview()
    const stranger = await addPerson(service, 'Stranger', {
      manager_id: (await addPerson(service, 'Other')).id,
    })
    await addGrant(service, stranger, app)
    const made = (await review({ scope: { app_ids: [app.id] } })).body
    const asBoss = await sessionOf(service, boss)
    const all = await itemsOf(made.id)
    const theirs = await itemsOf(made.id, '', asBoss)
    expect([all.length, theirs.length]).toEqual([2, 1])
    const foreign = all.find(({ id }) => id !== theirs[0]?.id)
    expect((await decide(foreign, { decision: 'keep' }, asBoss)).status).toBe(404)
    expect((await read(made.id, asBoss)).by_reviewer.map(({ reviewer }) => reviewer.id)).toEqual([boss.id])
    // An item of another review is not there in this one.
    const wrong = await service.api('POST', `/access-reviews/${made.id}/items/${item?.id}/decide`, {
      decision: 'keep',
    })
    expect(wrong.status).toBe(404)
  })
})

describe('bad input', () => {
  const valid = () => ({ name: 'X', reviewers: { type: 'manager' }, deadline: later() })
  test.each([
    ['no name', { name: ' ' }, '/name'],
    ['a deadline that is over', { deadline: '2020-01-01T00:00:00.000Z' }, '/deadline'],
    ['a deadline that is no time', { deadline: 'tomorrow' }, '/deadline'],
    ['reviewers of no type', { reviewers: { type: 'anybody' } }, '/reviewers/type'],
    ['nobody named', { reviewers: { type: 'named' } }, '/reviewers/principal_ids'],
    [
      'somebody named beside the manager',
      { reviewers: { type: 'manager', principal_ids: [unknown('usr')] } },
      '/reviewers/principal_ids',
    ],
    [
      'reviewers who are not there',
      { reviewers: { type: 'named', principal_ids: [unknown('usr')] } },
      '/reviewers/principal_ids/0',
    ],
    ['an app that is not there', { scope: { app_ids: [unknown('app')] } }, '/scope/app_ids/0'],
    [
      'a permission that is not there',
      { scope: { permission_ids: [unknown('perm')] } },
      '/scope/permission_ids/0',
    ],
    ['a user that is not there', { scope: { user_ids: [unknown('usr')] } }, '/scope/user_ids/0'],
    ['a group that is not there', { scope: { group_ids: [unknown('grp')] } }, '/scope/group_ids/0'],
    ['an id of another kind', { scope: { app_ids: [unknown('usr')] } }, '/scope/app_ids/0'],
    ['an unknown default', { default_decision: 'later' }, '/default_decision'],
    ['a reminder of no length', { remind_before_seconds: 0 }, '/remind_before_seconds'],
    ['a member that is not known', { color: 'red' }, '/color'],
  ])('%s is told by its member', async (_title, more, pointer) => {
    const answer = await review({ ...valid(), ...more })
    expect([answer.status, answer.body.errors.map((error) => error.pointer)]).toEqual([422, [pointer]])
  })

  test('a scope without access is refused, and counted as none by a dry run', async () => {
    const scope = { app_ids: [(await addApp(service, 'Empty')).id] }
    const refused = await review({ scope })
    expect(refused.body.errors).toEqual([
      { pointer: '/scope', detail: 'Nobody has access that this is about.' },
    ])
    expect((await review({ scope, dry_run: true })).body).toMatchObject({ grants: 0, users: 0, apps: 0 })
  })

  test('a removal needs a reason, a decision is one of the two, a cursor is one that was given', async () => {
    const { item, made } = await oneReview()
    for (const body of [{ decision: 'remove' }, { decision: 'remove', reason: '  ' }])
      expect((await decide(item, body)).body.errors).toEqual([
        { pointer: '/reason', detail: 'Say why it is to be removed' },
      ])
    expect((await decide(item, { decision: 'maybe' })).status).toBe(422)
    expect((await decide(item, { decision: 'remove', reason: 'a\u202eb' })).status).toBe(422)
    for (const query of ['cursor=nonsense', 'limit=0', 'status=gone', 'assigned=all']) {
      const answer = await service.api('GET', `/access-reviews/${made.id}/items?${query}`)
      expect([query, answer.status]).toEqual([query, 422])
    }
    for (const path of [`/access-reviews/${unknown('rvw')}`, '/access-reviews/x/items'])
      expect((await service.api('GET', path)).status).toBe(404)
  })
})
