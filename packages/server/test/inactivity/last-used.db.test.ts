import { randomUUID } from 'node:crypto'
import type { AppRead } from '@keyhook/contract/api/app.ts'
import type { LastUsedResult } from '@keyhook/contract/api/last-used.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import { describe, expect, test } from 'vitest'
import { addApp, addGrant, addPermission, addPerson, grantNow, sessionOf } from '../reviews/company.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service } = serviceWithReceiver()

const minutesAgo = (minutes: number) => new Date(service.ctx.clock() - minutes * 60_000).toISOString()
const report = (uses: unknown[], more: Record<string, unknown> = {}, options = {}) =>
  service.api<LastUsedResult & Problem>('POST', '/grants/last-used', { uses, ...more }, options)

async function holder() {
  const person = await addPerson(service, 'Ann')
  const app = await addApp(service, `Ledger ${randomUUID()}`)
  const grant = await addGrant(service, person, app)
  const { body } = await service.api<AppRead>('GET', `/apps/${app.id}`)
  return { person, app, grant, slug: body.app_id, instance: body.instance_id }
}

describe('a report of last uses', () => {
  test('names access by its id, or by who has what in several ways', async () => {
    const { person, app, grant, slug, instance } = await holder()
    const names = [
      { app: app.id, permission: app.permissionId },
      { app: slug, permission: 'viewer' },
      { app: instance, permission: 'Viewer' },
    ]
    for (const [index, named] of names.entries()) {
      const last_used_at = minutesAgo(30 - index)
      const use = { user_email: person.email.toUpperCase(), ...named, last_used_at }
      const answer = await report([use])
      expect([answer.status, answer.body], answer.text).toEqual([
        200,
        { updated: 1, unchanged: 0, ignored: 0, notices_cancelled: 0 },
      ])
      expect((await grantNow(service, grant)).last_used_at).toBe(last_used_at)
    }
    const now = minutesAgo(0)
    expect((await report([{ grant_id: grant.id, last_used_at: now }])).body.updated).toBe(1)
    expect((await grantNow(service, grant)).last_used_at).toBe(now)
  })

  test('never makes a known use earlier, and of several takes the latest', async () => {
    const { grant } = await holder()
    const uses = [5, 3, 9].map((minutes) => ({ grant_id: grant.id, last_used_at: minutesAgo(minutes) }))
    expect((await report(uses)).body).toMatchObject({ updated: 1, unchanged: 0 })
    expect((await grantNow(service, grant)).last_used_at).toBe(uses[1]?.last_used_at)
    expect((await report(uses.slice(2))).body).toMatchObject({ updated: 0, unchanged: 1 })
    expect((await grantNow(service, grant)).last_used_at).toBe(uses[1]?.last_used_at)
  })

  test('stores nothing when anything is wrong, and says of each what it is', async () => {
    const { person, app, grant } = await holder()
    const gone = await holder()
    await service.api('POST', `/grants/${gone.grant.id}/revoke`, { reason: 'Gone' })
    const last_used_at = minutesAgo(1)
    const named = { user_email: person.email, app: app.id, permission: 'viewer', last_used_at }
    const other = await addPerson(service, 'Bob')
    const answer = await report([
      { grant_id: grant.id, last_used_at },
      { grant_id: `grt_${randomUUID().replaceAll('-', '')}`, last_used_at },
      { grant_id: gone.grant.id, last_used_at },
      { ...named, user_email: 'nobody@example.com' },
      { ...named, app: 'no_such_app' },
      { ...named, permission: 'editor' },
      { ...named, user_email: other.email },
      { grant_id: grant.id, last_used_at: minutesAgo(-60) },
    ])
    expect([answer.status, answer.body.errors]).toEqual([
      422,
      [
        { pointer: '/uses/1', detail: 'There is no active access with this id.' },
        { pointer: '/uses/2', detail: 'There is no active access with this id.' },
        { pointer: '/uses/3', detail: 'There is no user with this e-mail address.' },
        { pointer: '/uses/4', detail: 'There is no such app.' },
        { pointer: '/uses/5', detail: 'The app has no such permission.' },
        { pointer: '/uses/6', detail: 'The user does not have this permission.' },
        { pointer: '/uses/7', detail: 'last_used_at is in the future.' },
      ],
    ])
    expect((await grantNow(service, grant)).last_used_at).toBeNull()
  })

  test('may pass over what is about nobody here, but not over mistakes', async () => {
    const { grant, person, app } = await holder()
    const last_used_at = minutesAgo(1)
    const strange = { user_email: 'nobody@example.com', app: app.id, permission: 'viewer', last_used_at }
    const uses = [{ grant_id: grant.id, last_used_at }, strange]
    expect((await report(uses, { ignore_unknown: true })).body).toMatchObject({ updated: 1, ignored: 1 })
    const future = { ...strange, user_email: person.email, last_used_at: minutesAgo(-60) }
    expect((await report([...uses, future], { ignore_unknown: true })).body.errors).toEqual([
      { pointer: '/uses/2', detail: 'last_used_at is in the future.' },
    ])
  })

  test('asks for more when a name fits several', async () => {
    const { person, app, slug, grant } = await holder()
    await service.api('PATCH', `/apps/${(await addApp(service, 'Twin')).id}`, { app_id: slug })
    const last_used_at = minutesAgo(1)
    const named = { user_email: person.email, app: slug, permission: 'viewer', last_used_at }
    expect((await report([named], { ignore_unknown: true })).body.errors).toEqual([
      { pointer: '/uses/0', detail: 'Several apps have this app_id: give the instance_id.' },
    ])
    // Two permissions of one value, of which the person has one.
    const twin = await addPermission(service.ctx, app.id, 'Second')
    await service.ctx.db.updateTable('permissions').set({ value: 'viewer' }).where('id', '=', twin).execute()
    expect((await report([{ ...named, app: app.id }])).body.updated).toBe(1)
    expect((await grantNow(service, grant)).last_used_at).toBe(last_used_at)
  })

  test.each([
    ['nothing', [], '/uses'],
    ['no access named', [{ last_used_at: '2026-01-01T00:00:00.000Z' }], '/uses/0'],
    [
      'a name that is not whole',
      [{ user_email: 'a@b.example', app: 'x', last_used_at: '2026-01-01T00:00:00.000Z' }],
      '/uses/0',
    ],
    [
      'an id and a name',
      [
        {
          grant_id: `grt_${'0'.repeat(32)}`,
          app: 'x',
          last_used_at: '2026-01-01T00:00:00.000Z',
        },
      ],
      '/uses/0',
    ],
    ['no time', [{ grant_id: `grt_${'0'.repeat(32)}` }], '/uses/0/last_used_at'],
    [
      'a time that is none',
      [{ grant_id: `grt_${'0'.repeat(32)}`, last_used_at: 'yesterday' }],
      '/uses/0/last_used_at',
    ],
  ])('%s is refused', async (_title, uses, pointer) => {
    const answer = await report(uses)
    expect(answer.status).toBe(422)
    expect(answer.body.errors.map((error) => error.pointer)).toContain(pointer)
  })

  test('holds at most 1,000, which are stored in one go; two at once do not lose any', async () => {
    const { grant } = await holder()
    const use = (minutes: number) => ({ grant_id: grant.id, last_used_at: minutesAgo(minutes) })
    const many = Array.from({ length: 1_001 }, (_, index) => use(index))
    expect((await report(many)).status).toBe(422)
    const both = await Promise.all([report(many.slice(1)), report(many.slice(0, 1_000))])
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    expect((await grantNow(service, grant)).last_used_at).toBe(many[0]?.last_used_at)
  })

  test('is for administrators and programs', async () => {
    const appAdmin = await addPerson(service, 'Appadmin')
    const app = await addApp(service, 'Ledger', { admins: [appAdmin] })
    const grant = await addGrant(service, await addPerson(service, 'Ann'), app)
    const uses = [{ grant_id: grant.id, last_used_at: minutesAgo(1) }]
    const root = await addPerson(service, 'Root', { role: 'admin' })
    expect((await report(uses, {}, await sessionOf(service, appAdmin))).status).toBe(404)
    expect((await report(uses, {}, { key: null })).status).toBe(401)
    expect((await report(uses, {}, await sessionOf(service, root))).status).toBe(200)
  })
})
