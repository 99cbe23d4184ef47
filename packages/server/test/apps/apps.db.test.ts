import type { AppRead } from '@keyhook/contract/api/app.ts'
import type { EventRead } from '@keyhook/contract/api/event.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { call, makeUser, makeWebhook } from '../access/support.ts'
import type { ApiAnswer } from '../support/harness.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service, receiver } = serviceWithReceiver()
const gone = '0'.repeat(32)
let ada: string
let left: string
let group: string
let validation: string
let provisioning: string

beforeAll(async () => {
  ada = (await makeUser(service, { given_name: 'Ada' })).id
  left = (await makeUser(service)).id
  await call(service, 'PATCH', `/users/${left}`, { status: 'inactive' })
  group = (await call<{ id: string }>(service, 'POST', '/groups', { name: 'Finance' })).id
  validation = (await makeWebhook(service, 'request_validation', receiver.url)).id
  provisioning = (await makeWebhook(service, 'provisioning', receiver.url)).id
})

const create = (more: object = {}) => call<AppRead>(service, 'POST', '/apps', { name: 'Ledger', ...more })
const pointersOf = ({ body }: ApiAnswer<Problem>) => body.errors.map(({ pointer }) => pointer)
const detailOf = ({ body }: ApiAnswer<Problem>) => body.errors[0]?.detail

/** What the activity log says about an app, the newest first. */
async function eventsOf(app: AppRead): Promise<EventRead['event'][]> {
  const { data } = await call<Page<EventRead>>(service, 'GET', `/events?target_id=${app.id}&limit=200`)
  return data.map(({ event }) => event)
}

describe('create', () => {
  test('a name is enough; everything else has a value that works', async () => {
    const made = await service.api<AppRead>('POST', '/apps', { name: 'Müller & Söhne 2' })
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe(`/api/v1/apps/${made.body.id}`)
    expect(made.headers.get('etag')).toBe('"1"')
    expect(made.body).toMatchObject({
      app_id: 'muller_sohne_2',
      description: null,
      owner: null,
      admins: [],
      visible_to: null,
      request_for_others: true,
      access_lengths_seconds: [],
      approvers: [{ type: 'app_admins', principal_ids: [], mode: 'any' }],
      remind_after_seconds: 86_400,
      webhooks: { request_validation: null, provisioning: null, deprovisioning: null },
      intake_fields: [],
      archived: false,
    })
    expect(made.body.instance_id).toMatch(/^[0-9a-f]{32}$/)
  })

  test('everything that can be said is kept and read back', async () => {
    const said = {
      name: 'Ledger',
      app_id: 'ledger',
      instance_id: 'ledger.eu-1',
      description: 'Books\nand more',
      icon: '📒',
      category: 'Finance',
      owner_id: ada,
      admins: [ada, group].sort(),
      visible_to: [group],
      request_for_others: false,
      access_lengths_seconds: [3_600, null],
      approvers: [
        { type: 'manager', principal_ids: [], mode: 'any' },
        { type: 'named', principal_ids: [ada, group], mode: 'all' },
      ],
      remind_after_seconds: null,
      escalate_after_seconds: 7_200,
      inactivity: { after_days: 90, notice_days: 14 },
      webhooks: {
        request_validation: { webhook_id: validation, failure_policy: 'continue' },
        provisioning: { webhook_id: provisioning, failure_policy: 'task' },
        deprovisioning: null,
      },
      intake_fields: [
        {
          label: 'Cost centre',
          type: 'choice',
          required: true,
          help_text: null,
          options: ['A', 'B'],
          min: null,
          max: null,
          shown_when: 'payload.access_length == null',
          check: { condition: 'payload.custom_fields["Cost centre"] != "B"', message: 'B is closed.' },
        },
      ],
    }
    const { id, ...made } = await create(said)
    expect(made).toMatchObject(said)
    expect(made.owner?.name).toContain('Ada')
    expect(made.admin_refs.map(({ kind }) => kind).sort()).toEqual(['group', 'user'])
    expect(await call(service, 'GET', `/apps/${id}`)).toEqual({ id, ...made })
    const [created] = await eventsOf({ id, ...made })
    expect(created).toMatchObject({
      event_type: 'ADMIN_CREATED_APP',
      event_metadata: { after: { instance_id: 'ledger.eu-1' } },
      targets: [{ target_type: 'APP', target_data: { id, app_id: 'ledger', name: 'Ledger' } }],
    })
  })

  const named = (...principal_ids: string[]) => ({ type: 'named', principal_ids })
  const field = (more: object) => ({ intake_fields: [{ label: 'Q', type: 'text', ...more }] })

  test.each<[string, () => object, string, RegExp?]>([
    ['no name', () => ({ name: '' }), '/name'],
    ['a name with a line break', () => ({ name: 'a\nb' }), '/name'],
    ['a member that does not exist', () => ({ colour: 'red' }), '/colour'],
    ['an app_id with spaces', () => ({ app_id: 'My App' }), '/app_id'],
    ['an instance_id with spaces', () => ({ instance_id: 'a b' }), '/instance_id'],
    ['an icon that is markup', () => ({ icon: '<b>' }), '/icon'],
    ['a description of 2,001 characters', () => ({ description: 'x'.repeat(2_001) }), '/description'],
    ['an owner who is not there', () => ({ owner_id: `usr_${gone}` }), '/owner_id', /no user/],
    ['an owner who is a group', () => ({ owner_id: group }), '/owner_id'],
    ['an owner who left', () => ({ owner_id: left }), '/owner_id', /not active/],
    ['an admin who is not there', () => ({ admins: [ada, `usr_${gone}`] }), '/admins/1', /no user/],
    ['an admin group that is not there', () => ({ admins: [`grp_${gone}`] }), '/admins/0', /no group/],
    ['an admin that is no id', () => ({ admins: ['administrators'] }), '/admins/0'],
    ['visible to somebody who left', () => ({ visible_to: [group, left] }), '/visible_to/1', /not active/],
    ['a length below a minute', () => ({ access_lengths_seconds: [59] }), '/access_lengths_seconds/0'],
    [
      'a length of eleven years',
      () => ({ access_lengths_seconds: [346_896_000] }),
      '/access_lengths_seconds/0',
    ],
    ['named approvers that name nobody', () => ({ approvers: [named()] }), '/approvers/0/principal_ids'],
    [
      'a manager by name',
      () => ({ approvers: [{ type: 'manager', principal_ids: [ada] }] }),
      '/approvers/0/principal_ids',
    ],
    [
      'an approver who is not there',
      () => ({ approvers: [{ type: 'manager' }, named(ada, `usr_${gone}`)] }),
      '/approvers/1/principal_ids/1',
      /no user/,
    ],
    [
      'a kind of approver that does not exist',
      () => ({ approvers: [{ type: 'boss' }] }),
      '/approvers/0/type',
    ],
    ['eleven steps', () => ({ approvers: Array(11).fill({ type: 'manager' }) }), '/approvers'],
    ['a reminder after a second', () => ({ remind_after_seconds: 1 }), '/remind_after_seconds'],
    ['an escalation after a second', () => ({ escalate_after_seconds: 1 }), '/escalate_after_seconds'],
    [
      'an inactivity of no days',
      () => ({ inactivity: { after_days: 0, notice_days: 1 } }),
      '/inactivity/after_days',
    ],
    [
      'a webhook that is not there',
      () => ({ webhooks: { provisioning: { webhook_id: `wh_${gone}` } } }),
      '/webhooks/provisioning/webhook_id',
      /no such webhook/,
    ],
    [
      'a webhook of another type',
      () => ({ webhooks: { provisioning: { webhook_id: validation } } }),
      '/webhooks/provisioning/webhook_id',
      /type request_validation: choose one of type provisioning/,
    ],
    [
      'a failure policy of another place',
      () => ({ webhooks: { provisioning: { webhook_id: provisioning, failure_policy: 'continue' } } }),
      '/webhooks/provisioning/failure_policy',
    ],
    ['a place that does not exist', () => ({ webhooks: { siem: null } }), '/webhooks/siem'],
    ['a question without a label', () => field({ label: ' ' }), '/intake_fields/0/label'],
    ['a question that no object can hold', () => field({ label: '__proto__' }), '/intake_fields/0/label'],
    [
      'the same question twice',
      () => ({ intake_fields: [field({}).intake_fields[0], field({}).intake_fields[0]] }),
      '/intake_fields/1/label',
    ],
    ['a kind of question that does not exist', () => field({ type: 'file' }), '/intake_fields/0/type'],
    ['a choice without options', () => field({ type: 'choice' }), '/intake_fields/0/options'],
    [
      'the same option twice',
      () => field({ type: 'choice', options: ['a', 'a'] }),
      '/intake_fields/0/options',
    ],
    ['options of a text', () => field({ options: ['a'] }), '/intake_fields/0/options'],
    ['a largest below the smallest', () => field({ type: 'number', min: 2, max: 1 }), '/intake_fields/0/max'],
    [
      'a condition that is not CEL',
      () => field({ shown_when: 'payload.access_length == ' }),
      '/intake_fields/0/shown_when',
      /^Line 1, column \d+: .*for example payload\./,
    ],
    [
      'a condition about something else',
      () => field({ shown_when: 'request.time > 1' }),
      '/intake_fields/0/shown_when',
      /^Line 1, column 1: There is no `request`: the only variable is `payload`, .*for example payload\./,
    ],
    [
      'a check that is not CEL',
      () => field({ check: { condition: 'true &&\nrequest', message: 'No.' } }),
      '/intake_fields/0/check/condition',
      /^Line 2, column 1: /,
    ],
    [
      'a check that says nothing',
      () => field({ check: { condition: 'true', message: '' } }),
      '/intake_fields/0/check/message',
    ],
  ])('refuses %s and says where', async (_what, more, pointer, detail = /./) => {
    const refused = await service.api<Problem>('POST', '/apps', { name: 'Ledger', ...more() })
    expect(refused.status).toBe(422)
    expect(pointersOf(refused)).toContain(pointer)
    expect(detailOf(refused)).toMatch(detail)
  })

  test('several wrong members are told at once', async () => {
    const refused = await service.api<Problem>('POST', '/apps', {
      name: 'Ledger',
      owner_id: left,
      admins: [left],
      intake_fields: [{ label: 'Q', type: 'text', shown_when: '1 +' }],
    })
    expect(pointersOf(refused)).toEqual(['/admins/0', '/owner_id', '/intake_fields/0/shown_when'])
  })

  test('two installations have two instance_ids; the same app_id is fine', async () => {
    await create({ app_id: 'twice', instance_id: 'twice-1' })
    await create({ app_id: 'twice', instance_id: 'twice-2' })
    const refused = await service.api<Problem>('POST', '/apps', { name: 'Third', instance_id: 'twice-1' })
    expect([refused.status, pointersOf(refused)]).toEqual([422, ['/instance_id']])
  })
})

describe('change', () => {
  const change = (app: AppRead, body: object, etag?: string) =>
    service.api<AppRead>('PATCH', `/apps/${app.id}`, body, etag ? { headers: { 'if-match': etag } } : {})

  test('an absent member keeps, null clears, and the log has before and after of what changed', async () => {
    const app = await create({
      description: 'Old',
      category: 'Finance',
      webhooks: { request_validation: { webhook_id: validation } },
    })
    const changed = await change(app, {
      description: null,
      name: 'General ledger',
      category: 'Finance',
      webhooks: { provisioning: { webhook_id: provisioning } },
    })
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).toBe('"2"')
    const webhooks = { ...app.webhooks, provisioning: { webhook_id: provisioning, failure_policy: 'task' } }
    expect(changed.body).toEqual({
      ...app,
      name: 'General ledger',
      description: null,
      webhooks,
      updated_at: expect.any(String),
    })
    const [event] = await eventsOf(app)
    expect(event).toMatchObject({ event_type: 'ADMIN_UPDATED_APP', actor: { actor_type: 'API_KEY' } })
    expect(event?.event_metadata).toEqual({
      before: { description: 'Old', name: 'Ledger', webhooks: app.webhooks },
      after: { description: null, name: 'General ledger', webhooks },
    })
  })

  test('a webhook is detached by null', async () => {
    const app = await create({ webhooks: { request_validation: { webhook_id: validation } } })
    const changed = await change(app, { webhooks: { request_validation: null } })
    expect(changed.body.webhooks.request_validation).toBeNull()
  })

  test('app admins who change have an entry of their own', async () => {
    const app = await create()
    await change(app, { admins: [ada] })
    expect((await eventsOf(app)).map(({ event_type }) => event_type)).toEqual([
      'ADMIN_UPDATED_APP_ADMINS',
      'ADMIN_CREATED_APP',
    ])
    await change(app, { admins: [ada], name: 'Ledger' })
    expect(await eventsOf(app)).toHaveLength(2)
  })

  test('who was named and left may stay, and nobody else who left may come', async () => {
    const bob = (await makeUser(service)).id
    const app = await create({ admins: [bob], visible_to: [bob], owner_id: bob })
    await call(service, 'PATCH', `/users/${bob}`, { status: 'inactive' })
    const kept = await change(app, { name: 'New', admins: [bob, ada], visible_to: [bob], owner_id: bob })
    expect(kept.status).toBe(200)
    const refused = await service.api<Problem>('PATCH', `/apps/${app.id}`, { admins: [bob, left] })
    expect(pointersOf(refused)).toEqual(['/admins/1'])
  })

  test.each<[string, () => object, string]>([
    ['a name of nothing', () => ({ name: null }), '/name'],
    ['no approvers at all', () => ({ approvers: null }), '/approvers'],
    ['an admin who is not there', () => ({ admins: [`usr_${gone}`] }), '/admins/0'],
    [
      'a webhook of another type',
      () => ({ webhooks: { deprovisioning: { webhook_id: validation } } }),
      '/webhooks/deprovisioning/webhook_id',
    ],
    [
      'a condition that is not CEL',
      () => ({ intake_fields: [{ label: 'Q', type: 'text', shown_when: '(' }] }),
      '/intake_fields/0/shown_when',
    ],
    ['an id', () => ({ id: `app_${gone}` }), '/id'],
    ['being archived', () => ({ archived: true }), '/archived'],
  ])('refuses %s', async (_what, body, pointer) => {
    const refused = await service.api<Problem>('PATCH', `/apps/${(await create()).id}`, body())
    expect([refused.status, pointersOf(refused)]).toEqual([422, [pointer]])
  })

  test('the instance_id of another app is refused', async () => {
    await create({ instance_id: 'taken' })
    const refused = await service.api<Problem>('PATCH', `/apps/${(await create()).id}`, {
      instance_id: 'taken',
    })
    expect([refused.status, pointersOf(refused)]).toEqual([422, ['/instance_id']])
  })

  test('a change of what somebody else has changed is refused', async () => {
    const app = await create()
    expect((await change(app, { name: 'First' }, '"1"')).status).toBe(200)
    expect((await change(app, { name: 'Second' }, '"1"')).status).toBe(412)
    expect((await change(app, { name: 'Second' }, '"2"')).status).toBe(200)
  })

  test('of two at the same moment, one wins', async () => {
    const app = await create()
    const both = await Promise.all(['A', 'B'].map((name) => change(app, { name }, '"1"')))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412])
  })
})

describe('list', () => {
  test('pages through every app once, the newest first, and finds by a part of the name', async () => {
    const made: string[] = []
    for (let count = 0; count < 5; count++) made.unshift((await create({ name: `Page 100% ${count}` })).id)
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await call<Page<AppRead>>(service, 'GET', `/apps?q=100%25&limit=2${cursor}`)
      seen.push(...page.data.map(({ id }) => id))
      cursor = page.next_cursor ? `&cursor=${page.next_cursor}` : ''
    } while (cursor)
    expect(seen).toEqual(made)
    expect((await call<Page<AppRead>>(service, 'GET', '/apps?q=page_100')).data).toEqual([])
  })

  test.each(['limit=0', 'limit=201', 'cursor=x', 'archived=maybe', 'colour=red'])(
    'refuses %s',
    async (query) => {
      expect((await service.api('GET', `/apps?${query}`)).status).toBe(422)
    },
  )
})
