/** Mail and chat, against a real mail server and real receivers. */

import type { Page } from '@keyhook/contract/api/list.ts'
import type { NoticeChannelRead, NoticePreferencesRead, NoticeRead } from '@keyhook/contract/api/notice.ts'
import { expect, test } from 'vitest'
import { call, makeApp, makeUser, receiverForTest, submit } from '../access/support.ts'
import { freePort } from '../support/free-port.ts'
import { serviceForTest, type TestService } from '../support/harness.ts'
import { json } from '../support/receiver.ts'
import { headerOf, startMailServer } from './mail-server.ts'

const mailEnv = (port: number) => ({
  KEYHOOK_SMTP_URL: `smtp://127.0.0.1:${port}`,
  KEYHOOK_MAIL_FROM: 'Keyhook <keyhook@example.com>',
})
const list = (service: TestService, query = '') =>
  call<Page<NoticeRead>>(service, 'GET', `/notices?${query}`).then(({ data }) => data)

/** Somebody asks their manager for access. */
async function asking(service: TestService, more: object = {}) {
  const manager = await makeUser(service, { given_name: 'Grace', family_name: 'Hopper', ...more })
  const user = await makeUser(service, { manager_id: manager.id })
  const app = await makeApp(service, { approvers: [{ type: 'manager' }] })
  const request = await submit(service, app, user.id)
  return { manager, user, app, request }
}

test('an approver is mailed, with a link, and the requester hears what came of it', async () => {
  const smtp = await startMailServer()
  const service = await serviceForTest(mailEnv(smtp.port))
  const { manager, user, app, request } = await asking(service)
  await expect.poll(() => smtp.mails.length, { timeout: 10_000 }).toBe(1)
  const [mail] = smtp.mails
  expect(mail).toMatchObject({ from: 'keyhook@example.com', to: [manager.email] })
  expect(headerOf(mail as never, 'subject')).toBe(`${user.name} asks for ${app.name}`)
  expect(headerOf(mail as never, 'auto-submitted')).toBe('auto-generated')
  expect(mail?.raw).toContain(`${service.url}/requests/${request.id}`)
  await call(service, 'POST', `/access-requests/${request.id}/deny`, { reason: 'Budget <b>is</b> gone' })
  await expect.poll(() => smtp.mails.length, { timeout: 10_000 }).toBe(2)
  expect(smtp.mails[1]).toMatchObject({ to: [user.email] })
  expect(smtp.mails[1]?.raw).toContain('Budget <b>is</b> gone')
  expect(smtp.mails[1]?.raw).toContain('Budget &lt;b&gt;is&lt;/b&gt; gone')
  expect(await list(service)).toMatchObject([
    { kind: 'request_denied', channel: 'mail', status: 'sent', to: { id: user.id }, attempts: 1 },
    { kind: 'approval_asked', channel: 'mail', status: 'sent', to: { id: manager.id } },
  ])
})

test('nothing is lost while the mail server is down, also over a restart, and nothing is sent twice', async () => {
  let ahead = 0
  const port = await freePort()
  const service = await serviceForTest(mailEnv(port), { clock: () => Date.now() + ahead })
  const { manager } = await asking(service)
  await expect
    .poll(async () => (await list(service))[0]?.last_error, { timeout: 10_000 })
    .toContain('ECONNREFUSED')
  expect(await list(service)).toMatchObject([{ status: 'waiting', attempts: 1 }])
  const again = await service.restart()
  const smtp = await startMailServer({}, port)
  ahead += 3_600_000
  await expect.poll(() => smtp.mails.length, { timeout: 10_000 }).toBe(1)
  await expect.poll(async () => (await list(again))[0]?.status, { timeout: 10_000 }).toBe('sent')
  ahead += 86_400_000
  await again.api('GET', '/notices')
  expect(smtp.mails.map(({ to }) => to)).toEqual([[manager.email]])
})

test('a mail that the server refuses for good is shown with its words, and can be sent again', async () => {
  const smtp = await startMailServer()
  const service = await serviceForTest(mailEnv(smtp.port))
  smtp.refuseWith({ responseCode: 550, message: 'No such mailbox here' })
  await asking(service)
  await expect.poll(async () => (await list(service, 'status=failed')).length, { timeout: 10_000 }).toBe(1)
  const [failed] = await list(service, 'status=failed')
  expect(failed?.last_error).toContain('No such mailbox here')
  smtp.refuseWith(null)
  await call(service, 'POST', `/notices/${failed?.id}/send-again`)
  await expect.poll(() => smtp.mails.length, { timeout: 10_000 }).toBe(1)
  await expect.poll(async () => (await list(service))[0]?.status, { timeout: 10_000 }).toBe('sent')
  expect(await service.api('POST', `/notices/${failed?.id}/send-again`)).toMatchObject({ status: 409 })
  expect(await service.api('POST', '/notices/ntc_0/send-again')).toMatchObject({ status: 404 })
})

test('a refusal for now is tried again', async () => {
  let ahead = 0
  const smtp = await startMailServer()
  const service = await serviceForTest(mailEnv(smtp.port), { clock: () => Date.now() + ahead })
  smtp.refuseWith({ responseCode: 451, message: 'Greylisted' })
  await asking(service)
  await expect
    .poll(async () => (await list(service))[0]?.last_error, { timeout: 10_000 })
    .toContain('Greylisted')
  smtp.refuseWith(null)
  ahead += 120_000
  await expect.poll(() => smtp.mails.length, { timeout: 10_000 }).toBe(1)
})

test('a name cannot add a header, and text that turns its direction is straightened', async () => {
  const smtp = await startMailServer()
  const service = await serviceForTest(mailEnv(smtp.port))
  const manager = await makeUser(service)
  const user = await makeUser(service, { manager_id: manager.id })
  const app = await makeApp(service, { approvers: [{ type: 'manager' }] })
  await submit(service, app, user.id, {
    business_justification: 'a\nBcc: evil@example.com\n\n<script>alert(1)</script>',
  })
  await expect.poll(() => smtp.mails.length, { timeout: 10_000 }).toBe(1)
  const [mail] = smtp.mails
  expect(mail?.to).toEqual([manager.email])
  expect(headerOf(mail as never, 'bcc')).toBe('')
  expect(mail?.raw.split('<!doctype html>')[1]).not.toContain('<script>')
})

test('people choose: nothing, or a chat of their own through the guard', async () => {
  const smtp = await startMailServer()
  const chat = await receiverForTest(json(200))
  const service = await serviceForTest(mailEnv(smtp.port))
  const manager = await makeUser(service)
  const { url } = await call<{ url: string }>(service, 'POST', `/users/${manager.id}/invite`)
  await expect.poll(() => smtp.mails.length, { timeout: 10_000 }).toBe(1)
  expect(smtp.mails[0]?.raw.replace(/=\r\n/g, '').replaceAll('=3D', '=')).toContain(url)
  const token = new URL(url).hash.replace('#token=', '')
  const accepted = await service.api(
    'POST',
    '/invitations/accept',
    { token, password: 'correct horse battery' },
    { key: null },
  )
  const cookie = accepted.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const me = { key: null, headers: { cookie } }
  const before = await call<NoticePreferencesRead>(service, 'GET', '/me/notice-preferences', undefined, me)
  expect(before).toMatchObject({ approvals: 'mail', chat: null, mail_available: true, email: manager.email })

  const blocked = await service.api(
    'PATCH',
    '/me/notice-preferences',
    { chat: { kind: 'slack', url: 'https://10.0.0.1/x' } },
    me,
  )
  expect(blocked).toMatchObject({ status: 422, body: { errors: [{ pointer: '/chat/url' }] } })
  const chosen = await call<NoticePreferencesRead>(
    service,
    'PATCH',
    '/me/notice-preferences',
    { approvals: 'chat', chat: { kind: 'slack', url: `${chat.url}/T0/B0/verysecrettoken` } },
    me,
  )
  expect(chosen).toMatchObject({ approvals: 'chat', chat: { kind: 'slack' } })
  expect(JSON.stringify(chosen)).not.toContain('verysecrettoken')
  const user = await makeUser(service, { manager_id: manager.id })
  const app = await makeApp(service, { name: 'App <!here> *bold*', approvers: [{ type: 'manager' }] })
  await submit(service, app, user.id)
  await expect.poll(() => chat.received.length, { timeout: 10_000 }).toBe(1)
  const { text } = JSON.parse(chat.received[0]?.body.toString() ?? '{}')
  expect(text).toContain('App &lt;!here&gt;')
  expect(text).not.toContain('*bold*')

  await call(service, 'PATCH', '/me/notice-preferences', { approvals: 'none', chat: null }, me)
  await submit(service, app, (await makeUser(service, { manager_id: manager.id })).id)
  const other = await makeUser(service)
  await submit(service, app, (await makeUser(service, { manager_id: other.id })).id)
  await expect.poll(() => smtp.mails.length, { timeout: 10_000 }).toBe(2)
  expect(smtp.mails[1]?.to).toEqual([other.email])
  expect(chat.received).toHaveLength(1)
  expect((await service.api('GET', '/notices', undefined, me)).status).toBe(404)
  expect((await service.api('GET', '/me/notice-preferences')).status).toBe(404)
})

test('who was deactivated hears nothing, and without mail nothing piles up', async () => {
  const smtp = await startMailServer()
  const service = await serviceForTest(mailEnv(smtp.port))
  const manager = await makeUser(service)
  await call(service, 'PATCH', `/users/${manager.id}`, { status: 'inactive' })
  const user = await makeUser(service, { manager_id: manager.id })
  await submit(service, await makeApp(service, { approvers: [{ type: 'manager' }] }), user.id)
  await expect
    .poll(async () => service.ctx.db.selectFrom('notice_orders').selectAll().execute(), { timeout: 10_000 })
    .toEqual([])
  expect(await list(service)).toEqual([])

  const silent = await serviceForTest()
  await asking(silent)
  await expect
    .poll(async () => silent.ctx.db.selectFrom('notice_orders').selectAll().execute(), { timeout: 10_000 })
    .toEqual([])
  expect(await list(silent)).toEqual([])
  const tried = await call<{ ok: boolean; detail: string }>(silent, 'POST', '/notices/test-mail', {
    to: 'a@example.com',
  })
  expect(tried).toMatchObject({ ok: false, detail: expect.stringContaining('KEYHOOK_SMTP_URL') })
})

test('channels of teams hear of work, write-only, tested, and only of their apps', async () => {
  const teams = await receiverForTest(json(202))
  const service = await serviceForTest()
  const app = await makeApp(service)
  const refused = await service.api('POST', '/notice-channels', {
    name: 'Ops',
    kind: 'teams',
    url: 'http://169.254.169.254/',
  })
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/url' }] } })
  const body = { name: 'Ops', kind: 'teams', url: `${teams.url}?sig=topsecretsignature`, app_ids: [app.id] }
  const made = await service.api<NoticeChannelRead>('POST', '/notice-channels', body)
  expect(made.status).toBe(201)
  expect(made.text).not.toContain('topsecretsignature')
  expect(await call(service, 'POST', `/notice-channels/${made.body.id}/test`)).toMatchObject({ ok: true })
  expect(JSON.parse(teams.received[0]?.body.toString() ?? '{}')).toMatchObject({
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive' }],
  })
  await submit(service, app, (await makeUser(service)).id)
  await submit(service, await makeApp(service), (await makeUser(service)).id)
  await expect.poll(() => teams.received.length, { timeout: 10_000 }).toBe(2)
  expect(teams.received[1]?.body.toString()).toContain(`access to ${app.name}`)

  const path = `/notice-channels/${made.body.id}`
  const etag = made.headers.get('etag') ?? ''
  const changed = await service.api<NoticeChannelRead>(
    'PATCH',
    path,
    { name: 'Operations' },
    { headers: { 'if-match': etag } },
  )
  expect(changed.body).toMatchObject({ name: 'Operations', host: made.body.host })
  expect((await service.api('PATCH', path, { name: 'X' }, { headers: { 'if-match': etag } })).status).toBe(
    412,
  )
  expect((await service.api('PATCH', path, { app_ids: [`app_${'0'.repeat(32)}`] })).status).toBe(422)
  expect((await service.api('DELETE', path)).status).toBe(204)
  expect((await service.api('GET', path)).status).toBe(404)
  expect((await service.api('GET', '/notice-channels', undefined, { key: null })).status).toBe(401)
})

test('the words of a notice can be changed, with placeholders checked where they stand', async () => {
  const service = await serviceForTest()
  const path = '/notice-templates/approval_asked'
  const wrong = await service.api('PATCH', path, { intro: 'Hello\n  {{nmae}} asks' })
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/intro' }] } })
  expect(wrong.text).toContain('Line 2, column 3')
  expect((await service.api('PATCH', path, { subject: 'two\nlines' })).status).toBe(422)
  expect((await service.api('PATCH', '/notice-templates/nothing', {})).status).toBe(404)
  const changed = await call(service, 'PATCH', path, { subject: 'Please: {{who}}' })
  expect(changed).toMatchObject({ subject: 'Please: {{who}}', changed: true })
  expect(await call(service, 'GET', `${path}/preview`)).toMatchObject({ subject: 'Please: Ada Lovelace' })
  expect(await call(service, 'PATCH', path, { subject: null })).toMatchObject({ changed: false })
})
