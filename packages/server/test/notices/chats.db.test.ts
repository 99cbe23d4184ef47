/** Chats of people and of teams, through the guard. */

import type { NoticeChannelRead, NoticePreferencesRead } from '@keyhook/contract/api/notice.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { channelUrlPlace, chatUrlPlace } from '../../src/notices/notice-secrets.ts'
import { type App, addApp, addPerson, type Person, sessionOf } from '../reviews/company.ts'
import { serviceForTest } from '../support/harness.ts'
import { json, type Receiver, startReceiver } from '../support/receiver.ts'
import { appApprovedBy, ask, noticesOf } from './company.ts'
import { sender, serviceWithMail, soon } from './mail-service.ts'

const there = serviceWithMail()
const minute = 60_000

async function chat(answer = json(200)): Promise<Receiver> {
  const receiver = await startReceiver(answer)
  onTestFinished(() => receiver.close())
  return receiver
}

const texts = ({ received }: Receiver) =>
  received.map(({ body }) => JSON.parse(body.toString()).text as string)

async function addChannel(more: Record<string, unknown>): Promise<NoticeChannelRead> {
  const made = await there.service.api<NoticeChannelRead>('POST', '/notice-channels', {
    name: 'Ops',
    kind: 'slack',
    ...more,
  })
  expect(made.status, made.text).toBe(201)
  onTestFinished(async () => {
    await there.service.api('DELETE', `/notice-channels/${made.body.id}`)
  })
  return made.body
}

/** A person who is told in a chat of their own. */
async function chatting(url: string, choices: object = { approvals: 'chat' }): Promise<Person> {
  const bob = await addPerson(there.service, 'Bob')
  const body = { chat: { kind: 'slack', url }, ...choices }
  const set = await there.service.api(
    'PATCH',
    '/me/notice-preferences',
    body,
    await sessionOf(there.service, bob),
  )
  expect(set.status, set.text).toBe(200)
  return bob
}

const askedOf = async (bob: Person) =>
  ask(there.service, await addPerson(there.service, 'Ann'), await appApprovedBy(there.service, [bob]))

describe('a chat of one’s own', () => {
  test('is told what its person chose for it, and mail brings the rest', async () => {
    const slack = await chat()
    const bob = await chatting(slack.url)
    await askedOf(bob)
    await there.until(() => expect(texts(slack)).toHaveLength(1))
    expect(texts(slack)[0]).toContain('*Ann Person asks for Ledger*')
    await there.until(async () =>
      expect(await noticesOf(there.service, bob)).toMatchObject([{ channel: 'chat', status: 'sent' }]),
    )
    await ask(there.service, bob, await addApp(there.service, 'Wiki', { approvers: [] }))
    await there.work()
    expect(texts(slack)).toHaveLength(1)
  })

  test('is never shown again, neither by the API nor by the log', async () => {
    const slack = await chat()
    const bob = await chatting(`${slack.url}/T01/verysecrettoken`)
    const as = await sessionOf(there.service, bob)
    const read = await there.service.api<NoticePreferencesRead>(
      'GET',
      '/me/notice-preferences',
      undefined,
      as,
    )
    expect(read.body).toEqual({
      approvals: 'chat',
      tasks: 'mail',
      own_requests: 'mail',
      access_expiry: 'mail',
      reviews: 'mail',
      chat: { kind: 'slack', host: new URL(slack.url).host },
      mail_available: true,
      email: bob.email,
    })
    const log = await there.service.ctx.db.selectFrom('event_inbox').selectAll().execute()
    const placed = await there.service.ctx.db.selectFrom('events').selectAll().execute()
    expect(JSON.stringify([log, placed])).toContain('DIRECTORY_UPDATED_NOTICE_PREFERENCES')
    const rows = await there.service.ctx.db.selectFrom('notice_preferences').selectAll().execute()
    expect(JSON.stringify([read.body, log, placed, rows])).not.toContain('verysecrettoken')
  })

  test.each([
    ['a private address', 'https://10.0.0.1/hook'],
    ['the metadata service of a cloud', 'http://169.254.169.254/latest'],
    ['a name of this machine', 'https://localhost/hook'],
    ['what is no address', 'not an address'],
    ['another scheme', 'ftp://example.com/hook'],
    ['a password in the address', 'https://user:pass@example.com/hook'],
  ])('is refused at %s, always in the same words', async (_title, url) => {
    const bob = await addPerson(there.service, 'Bob')
    const as = await sessionOf(there.service, bob)
    const body = { chat: { kind: 'slack', url } }
    const set = await there.service.api<Problem>('PATCH', '/me/notice-preferences', body, as)
    expect([set.status, set.body.code, set.body.errors]).toEqual([
      422,
      'validation_failed',
      [{ pointer: '/chat/url', detail: expect.stringMatching(/^Nothing can be posted to this address: /) }],
    ])
  })

  test('has to be there before something is sent there, and when it goes mail takes its place', async () => {
    const bob = await addPerson(there.service, 'Bob')
    const as = await sessionOf(there.service, bob)
    const change = (body: object) =>
      there.service.api<NoticePreferencesRead & Problem>('PATCH', '/me/notice-preferences', body, as)
    const none = await change({ approvals: 'chat', tasks: 'none' })
    expect([none.status, none.body.errors]).toEqual([
      422,
      [{ pointer: '/approvals', detail: expect.stringContaining('chat of your own') }],
    ])
    const slack = await chat()
    expect(
      (await change({ approvals: 'chat', chat: { kind: 'slack', url: slack.url } })).body.approvals,
    ).toBe('chat')
    expect((await change({ tasks: 'none' })).body).toMatchObject({ approvals: 'chat', tasks: 'none' })
    expect((await change({ chat: null })).body).toMatchObject({
      approvals: 'mail',
      tasks: 'none',
      chat: null,
    })
  })

  test('that is gone fails for good, with what it answered', async () => {
    const slack = await chat((_request, response) => {
      response.writeHead(404)
      response.end('no_service')
    })
    const bob = await chatting(slack.url)
    await askedOf(bob)
    await there.until(async () =>
      expect(await noticesOf(there.service, bob)).toMatchObject([
        { status: 'failed', attempts: 1, last_error: 'The chat answered 404: no_service' },
      ]),
    )
  })

  test('that asks for patience gets it', async () => {
    const slack = await chat((_request, response) => {
      response.writeHead(429, { 'retry-after': '1800' })
      response.end()
    })
    const bob = await chatting(slack.url)
    await askedOf(bob)
    // The server alone: each process leaves a chat alone that asked it to.
    await vi.waitFor(() => expect(slack.received).toHaveLength(1), soon)
    await vi.waitFor(
      async () => expect((await noticesOf(there.service, bob))[0]?.last_error).toContain('429'),
      soon,
    )
    slack.answerWith(json(200))
    there.forward(10 * minute)
    await askedOf(bob)
    await vi.waitFor(async () => expect(await noticesOf(there.service, bob)).toHaveLength(2), soon)
    expect(slack.received).toHaveLength(1)
    there.forward(21 * minute)
    await vi.waitFor(
      async () => expect(await noticesOf(there.service, bob, 'status=sent')).toHaveLength(2),
      soon,
    )
  })

  test('that hangs holds nobody else up', async () => {
    const hanging = await chat(() => {})
    const bob = await chatting(hanging.url)
    await askedOf(bob)
    await vi.waitFor(() => expect(hanging.received).toHaveLength(1), soon)
    const slack = await chat()
    const cleo = await chatting(slack.url)
    await askedOf(cleo)
    await vi.waitFor(() => expect(texts(slack)).toHaveLength(1), soon)
    expect(await noticesOf(there.service, bob)).toMatchObject([{ status: 'waiting' }])
  })
})

test('who chose nothing is told nothing', async () => {
  const { service, mail, work } = there
  const bob = await addPerson(service, 'Bob')
  const as = await sessionOf(service, bob)
  await service.api('PATCH', '/me/notice-preferences', { approvals: 'none' }, as)
  await askedOf(bob)
  await work()
  expect(await noticesOf(service, bob)).toEqual([])
  expect(mail.of(bob.email)).toEqual([])
})

describe('what the operator opened for webhooks', () => {
  test('is closed to a chat of one’s own, when it is saved and when it is sent, and open to that of a team', async () => {
    // In the try-it profile, which opens loopback.
    const service = await serviceForTest({
      KEYHOOK_SMTP_URL: 'smtp://127.0.0.1:9',
      KEYHOOK_MAIL_FROM: sender,
    })
    const slack = await chat()
    const bob = await addPerson(service, 'Bob')
    const as = await sessionOf(service, bob)
    const body = { approvals: 'chat', chat: { kind: 'slack', url: slack.url } }
    const refused = await service.api<Problem>('PATCH', '/me/notice-preferences', body, as)
    expect([refused.status, refused.body.errors?.[0]?.pointer]).toEqual([422, '/chat/url'])

    // As if it had been saved before.
    const sealed_chat_url = service.ctx.secretBox.seal(chatUrlPlace(bob.id), Buffer.from(slack.url))
    await service.ctx.db
      .insertInto('notice_preferences')
      .values({
        user_id: bob.id,
        choices: JSON.stringify({ approvals: 'chat' }),
        ...{ chat_kind: 'slack', chat_host: 'x', sealed_chat_url },
      })
      .execute()
    await ask(service, await addPerson(service, 'Ann'), await appApprovedBy(service, [bob]))
    await vi.waitFor(
      async () =>
        expect(await noticesOf(service, bob)).toMatchObject([
          { channel: 'chat', last_error: expect.stringContaining('may not be called') },
        ]),
      soon,
    )
    expect(slack.received).toEqual([])

    const made = await service.api<NoticeChannelRead>('POST', '/notice-channels', {
      ...{ name: 'Ops', kind: 'slack', url: slack.url },
    })
    const tried = await service.api('POST', `/notice-channels/${made.body.id}/test`)
    expect(tried.body).toMatchObject({ ok: true })
  })
})

describe('a chat of a team', () => {
  test('hears of work of the apps that it is for, and of nothing that is about one person', async () => {
    const { service, work } = there
    const slack = await chat()
    const bob = await addPerson(service, 'Bob')
    const manager = await addPerson(service, 'Mia')
    const byAdmins = { admins: [bob], approvers: [{ type: 'app_admins', principal_ids: [], mode: 'any' }] }
    const [ours, others] = [
      await addApp(service, 'Ours', byAdmins),
      await addApp(service, 'Others', byAdmins),
    ]
    const byManager = await addApp(service, 'By manager', {
      admins: [bob],
      approvers: [{ type: 'manager', principal_ids: [], mode: 'any' }],
    })
    await addChannel({ url: slack.url, app_ids: [ours.id, byManager.id] })
    const ann = await addPerson(service, 'Ann', { manager_id: manager.id })
    const request = await ask(service, ann, ours)
    await ask(service, ann, others)
    await ask(service, ann, byManager)
    await there.until(() => expect(texts(slack)).toHaveLength(1))
    expect(texts(slack)[0]).toContain('*Ann Person asks for Ours*')
    const denied = await service.api('POST', `/access-requests/${request.id}/deny`, { reason: 'No' })
    expect(denied.status, denied.text).toBe(200)
    await work()
    expect(texts(slack)).toHaveLength(1)
  })

  test('hears only of the kinds that it wants', async () => {
    const { service } = there
    const slack = await chat()
    const bob = await addPerson(service, 'Bob')
    const app = await addApp(service, 'Ours', {
      admins: [bob],
      approvers: [{ type: 'app_admins', principal_ids: [], mode: 'any' }],
    })
    await addChannel({ url: slack.url, app_ids: [app.id], kinds: ['task_confirm_provisioning'] })
    const request = await ask(service, await addPerson(service, 'Ann'), app)
    const approved = await service.api('POST', `/access-requests/${request.id}/approve`, {})
    expect(approved.status, approved.text).toBe(200)
    await there.until(() => expect(texts(slack)).toHaveLength(1))
    expect(texts(slack)[0]).toContain('*Give Ann Person access to Ours*')
  })

  test('that was switched off hears of nothing, not even of what waited for it', async () => {
    const { service, forward } = there
    const slack = await chat(json(503))
    const { id } = await addChannel({ url: slack.url })
    await ask(service, await addPerson(service, 'Ann'), await adminApproved())
    await there.until(() => expect(slack.received.length).toBeGreaterThan(0))
    const off = await service.api('PATCH', `/notice-channels/${id}`, { enabled: false })
    expect(off.status, off.text).toBe(200)
    slack.answerWith(json(200))
    const before = slack.received.length
    forward(60 * minute)
    const waiting = () =>
      service.api<{ data: unknown[] }>('GET', '/notices?status=waiting&kind=approval_asked')
    await there.until(async () => {
      const ours = (await waiting()).body.data.filter(
        (one) => (one as { channel_name: string }).channel_name === 'Ops',
      )
      expect(ours).toEqual([])
    })
    expect(slack.received).toHaveLength(before)
  })

  test('is tried at once, and what it answered is told', async () => {
    const slack = await chat()
    const { id } = await addChannel({ url: slack.url })
    const test = () => there.service.api('POST', `/notice-channels/${id}/test`)
    expect((await test()).body).toEqual({ ok: true, detail: 'The chat answered 200.' })
    expect(texts(slack)[0]).toContain('*Test from Keyhook: Ada Lovelace asks for Demo App*')
    slack.answerWith((_request, response) => {
      response.writeHead(403)
      response.end('invalid_token')
    })
    expect((await test()).body).toEqual({ ok: false, detail: 'The chat answered 403: invalid_token' })
    await slack.close()
    expect((await test()).body).toMatchObject({ ok: false })
  })

  test('is checked against the guard with each message, not only when it is saved', async () => {
    const { service } = there
    const slack = await chat()
    const { id } = await addChannel({ url: slack.url })
    // As if the operator had closed that way since.
    const sealed_url = service.ctx.secretBox.seal(channelUrlPlace(id), Buffer.from('http://10.0.0.1/hook'))
    await service.ctx.db.updateTable('notice_channels').set({ sealed_url }).where('id', '=', id).execute()
    const tried = await service.api<{ ok: boolean; detail: string }>('POST', `/notice-channels/${id}/test`)
    expect(tried.body).toMatchObject({ ok: false, detail: expect.stringContaining('10.0.0.1') })
  })
})

/** An app whose requests the administrators decide. */
function adminApproved(): Promise<App> {
  return addApp(there.service, 'Ledger', {
    approvers: [{ type: 'app_admins', principal_ids: [], mode: 'any' }],
  })
}
