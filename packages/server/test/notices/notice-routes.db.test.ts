/** The routes about notices: what they take, what they refuse, what the log says of it. */
import type { EventPage } from '@keyhook/contract/api/event.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type {
  NoticeChannelRead,
  NoticePreferencesRead,
  NoticeRead,
  NoticeTemplatePreview,
  NoticeTemplateRead,
} from '@keyhook/contract/api/notice.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import { noticeKinds } from '@keyhook/contract/notice-words.ts'
import { describe, expect, test, vi } from 'vitest'
import { addApp, addPerson, sessionOf } from '../reviews/company.ts'
import { asked, noticesOf } from './company.ts'
import { serviceWithMail, soon } from './mail-service.ts'

const there = serviceWithMail()
const api = <Body = Problem>(method: string, path: string, body?: unknown, options = {}) =>
  there.service.api<Body>(method, path, body, options)
const channel = (more: object = {}) => ({
  name: 'Ops',
  kind: 'slack',
  url: 'https://1.1.1.1/T0/secrettoken',
  ...more,
})
const nothing = `nch_${'0'.repeat(32)}`

/** What the log says of a kind of event about something. */
async function told(type: string, targetId: string) {
  return vi.waitFor(async () => {
    const { body } = await api<EventPage>('GET', `/events?target_id=${targetId}&type=${type}`)
    expect(body.data.length).toBeGreaterThan(0)
    return body.data.map(({ event }) => event)
  }, soon)
}

describe('channels of teams', () => {
  test('are made, read, listed, changed and removed, and every change is in the log without the address', async () => {
    const app = await addApp(there.service, 'Ledger')
    const made = await api<NoticeChannelRead>('POST', '/notice-channels', channel({ app_ids: [app.id] }))
    expect([made.status, made.headers.get('location')]).toEqual([
      201,
      `/api/v1/notice-channels/${made.body.id}`,
    ])
    expect(made.body).toEqual({
      id: expect.stringMatching(/^nch_[0-9a-f]{32}$/),
      name: 'Ops',
      kind: 'slack',
      host: '1.1.1.1',
      app_ids: [app.id],
      kinds: null,
      enabled: true,
      created_at: expect.any(String),
      updated_at: made.body.created_at,
    })
    const path = `/notice-channels/${made.body.id}`
    const read = await api<NoticeChannelRead>('GET', path)
    expect([read.status, read.body, read.headers.get('etag')]).toEqual([200, made.body, '"1"'])
    const listed = await api<Page<NoticeChannelRead>>('GET', '/notice-channels?limit=1')
    expect(listed.body.data).toEqual([made.body])
    const changed = await api<NoticeChannelRead>(
      'PATCH',
      path,
      { name: 'Operations', app_ids: null, kinds: ['approval_asked'] },
      { headers: { 'if-match': '"1"' } },
    )
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"'])
    expect(changed.body).toMatchObject({
      name: 'Operations',
      app_ids: null,
      kinds: ['approval_asked'],
      host: '1.1.1.1',
    })
    const late = await api('PATCH', path, { name: 'Late' }, { headers: { 'if-match': '"1"' } })
    expect([late.status, late.body.code]).toEqual([412, 'precondition_failed'])
    expect((await api('DELETE', path, undefined, { headers: { 'if-match': '"1"' } })).status).toBe(412)
    expect((await api('DELETE', path)).status).toBe(204)
    const [created] = await told('ADMIN_CREATED_NOTICE_CHANNEL', made.body.id)
    const [updated] = await told('ADMIN_UPDATED_NOTICE_CHANNEL', made.body.id)
    const [deleted] = await told('ADMIN_DELETED_NOTICE_CHANNEL', made.body.id)
    expect(updated?.event_metadata).toMatchObject({ before: { name: 'Ops' }, after: { name: 'Operations' } })
    const seen = JSON.stringify([made.body, read.body, listed.body, changed.body, created, updated, deleted])
    expect(seen).not.toContain('secrettoken')
  })

  test.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/test'],
  ])('%s %s of one that is not there answers 404', async (method, more) => {
    const body = method === 'PATCH' ? { name: 'X' } : undefined
    for (const id of [nothing, 'x', 'nch_%00'].slice(0, 2)) {
      const { status, body: problem } = await api(method, `/notice-channels/${id}${more}`, body)
      expect([status, problem.code]).toEqual([404, 'not_found'])
    }
  })

  test.each([
    ['no name', channel({ name: ' ' }), '/name'],
    ['a name of two lines', channel({ name: 'a\nb' }), '/name'],
    ['another kind of chat', channel({ kind: 'irc' }), '/kind'],
    ['a private address', channel({ url: 'https://192.168.1.1/hook' }), '/url'],
    ['an address that is too long', channel({ url: `https://1.1.1.1/${'x'.repeat(2_100)}` }), '/url'],
    ['an app that is not there', channel({ app_ids: [`app_${'0'.repeat(32)}`] }), '/app_ids/0'],
    ['what is no id of an app', channel({ app_ids: ['x'] }), '/app_ids/0'],
    ['a kind that there is not', channel({ kinds: ['nothing'] }), '/kinds/0'],
    ['a kind that is about one person', channel({ kinds: ['access_given'] }), '/kinds/0'],
    ['a member that there is not', channel({ colour: 'red' }), '/colour'],
  ])('with %s are refused, and the member is named', async (_title, body, pointer) => {
    const { status, body: problem } = await api('POST', '/notice-channels', body)
    expect([status, problem.code]).toEqual([422, 'validation_failed'])
    expect(problem.errors.map((error) => error.pointer)).toEqual([pointer])
    expect(JSON.stringify(problem)).not.toContain('secrettoken')
  })
})

describe('the words of notices', () => {
  const path = '/notice-templates/approval_asked'

  test('of every kind can be read and shown with an example', async () => {
    const { body } = await api<{ data: NoticeTemplateRead[] }>('GET', '/notice-templates')
    expect(body.data.map(({ kind }) => kind)).toEqual(noticeKinds)
    expect(body.data.every(({ changed }) => !changed)).toBe(true)
    for (const kind of noticeKinds) {
      const shown = await api<NoticeTemplatePreview>('GET', `/notice-templates/${kind}/preview`)
      expect([kind, shown.status]).toEqual([kind, 200])
      expect(shown.body.text).toContain(there.service.url)
    }
  })

  test('are changed each by itself, shown so, sent so, and taken back with null', async () => {
    const before = await api<NoticeTemplateRead>('GET', path)
    const subject = 'Please look: {{app}} for {{who}}'
    const changed = await api<NoticeTemplateRead>('PATCH', path, { subject })
    expect(changed.body).toEqual({ ...before.body, subject, changed: true })
    expect((await api<NoticeTemplatePreview>('GET', `${path}/preview`)).body.subject).toBe(
      'Please look: Demo App for Ada Lovelace',
    )
    const { bob } = await asked(there.service)
    await there.until(() => expect(there.mail.of(bob.email)).toHaveLength(1))
    expect(there.mail.of(bob.email)[0]?.subject).toBe('Please look: Ledger for Ann Person')
    expect(await noticesOf(there.service, bob)).toMatchObject([
      { subject: 'Please look: Ledger for Ann Person' },
    ])
    const intro = await api<NoticeTemplateRead>('PATCH', path, { intro: 'Dear {{name}},\nplease look.' })
    expect(intro.body).toMatchObject({ subject, intro: 'Dear {{name}},\nplease look.' })
    const back = await api<NoticeTemplateRead>('PATCH', path, { subject: null, intro: null })
    expect(back.body).toEqual(before.body)
    const events = await told('ADMIN_UPDATED_NOTICE_TEMPLATE', 'approval_asked')
    expect(events).toHaveLength(3)
  })

  test('are not changed against words that somebody else changed meanwhile', async () => {
    const etag = (await api('GET', path)).headers.get('etag') ?? ''
    expect((await api('PATCH', path, { subject: 'First' }, { headers: { 'if-match': etag } })).status).toBe(
      200,
    )
    const second = await api('PATCH', path, { subject: 'Second' }, { headers: { 'if-match': etag } })
    expect([second.status, second.body.code]).toEqual([412, 'precondition_failed'])
    expect((await api('PATCH', path, { subject: null })).headers.get('etag')).toBe(etag)
  })

  test.each([
    [
      'a placeholder that there is not',
      { intro: 'Hello\n  {{nmae}} asks' },
      [
        {
          pointer: '/intro',
          detail:
            'Line 2, column 3: there is no placeholder {{nmae}}. There are {{app}}, {{who}}, {{what}}, {{when}}, {{reason}}, {{name}}.',
        },
      ],
    ],
    [
      'a placeholder that is not closed',
      { subject: 'For {{app' },
      [{ pointer: '/subject', detail: expect.stringContaining('column 5') }],
    ],
    [
      'a subject of two lines',
      { subject: 'a\nBcc: eve@example.com' },
      [{ pointer: '/subject', detail: expect.any(String) }],
    ],
    ['no words', { intro: ' \n ' }, [{ pointer: '/intro', detail: expect.any(String) }]],
    ['too many words', { intro: 'x'.repeat(2_001) }, [{ pointer: '/intro', detail: expect.any(String) }]],
  ])('with %s are refused', async (_title, body, errors) => {
    const { status, body: problem } = await api('PATCH', path, body)
    expect([status, problem.errors]).toEqual([422, errors])
  })

  test.each([
    ['GET', '/notice-templates/nothing'],
    ['PATCH', '/notice-templates/nothing'],
    ['GET', '/notice-templates/constructor/preview'],
  ])('%s %s answers 404', async (method, missing) => {
    const { status, body } = await api(method, missing, method === 'PATCH' ? {} : undefined)
    expect([status, body.code]).toEqual([404, 'not_found'])
  })
})

describe('what was sent', () => {
  test('is listed by person, kind and status, some at a time', async () => {
    const { service } = there
    const { ann, bob, request } = await asked(service)
    await there.until(async () => expect(await noticesOf(service, bob, 'status=sent')).toHaveLength(1))
    await api('POST', `/access-requests/${request.id}/deny`, { reason: 'No' })
    await there.until(async () => expect(await noticesOf(service, ann, 'status=sent')).toHaveLength(1))
    expect(await noticesOf(service, ann, 'kind=request_denied')).toHaveLength(1)
    expect(await noticesOf(service, ann, 'kind=approval_asked')).toEqual([])
    expect(await noticesOf(service, ann, 'status=failed')).toEqual([])
    const first = await api<Page<NoticeRead>>('GET', '/notices?limit=1')
    const second = await api<Page<NoticeRead>>('GET', `/notices?limit=1&cursor=${first.body.next_cursor}`)
    expect([...first.body.data, ...second.body.data].map(({ to }) => to?.id)).toEqual([ann.id, bob.id])
  })

  test.each(['status=gone', 'kind=nothing', 'limit=0', 'limit=201', 'cursor=x', 'colour=red'])(
    'is not listed with ?%s',
    async (query) => {
      const { status, body } = await api('GET', `/notices?${query}`)
      expect([status, body.code]).toEqual([422, 'validation_failed'])
    },
  )

  test('is sent again only if it is there and failed, and that is in the log', async () => {
    const missing = await api('POST', `/notices/ntc_${'0'.repeat(32)}/send-again`)
    expect([missing.status, missing.body.code]).toEqual([404, 'not_found'])
    there.mail.refuse(() => ({ code: 550, text: 'no', at: 'recipient' }))
    const { bob } = await asked(there.service)
    await there.until(async () =>
      expect(await noticesOf(there.service, bob, 'status=failed')).toHaveLength(1),
    )
    there.mail.refuse(null)
    const [failed] = await noticesOf(there.service, bob)
    expect((await api('POST', `/notices/${failed?.id}/send-again`)).status).toBe(200)
    expect(await told('ADMIN_SENT_NOTICE_AGAIN', failed?.id ?? '')).toHaveLength(1)
  })
})

describe('a mail to try it', () => {
  test('is sent at once, and what the server answered is told', async () => {
    const { mail } = there
    const sent = await api('POST', '/notices/test-mail', { to: 'ada@corp.example' })
    expect(sent.body).toEqual({ ok: true, detail: expect.stringMatching(/^250 /) })
    expect(mail.of('ada@corp.example')).toMatchObject([
      { subject: 'Test from Keyhook: Ada Lovelace asks for Demo App' },
    ])
    mail.refuse(() => ({ code: 550, text: 'who is that', at: 'recipient' }))
    const refused = await api('POST', '/notices/test-mail', { to: 'ada@corp.example' })
    expect(refused.body).toEqual({ ok: false, detail: expect.stringContaining('550 who is that') })
    await mail.down()
    const down = await api('POST', '/notices/test-mail', { to: 'ada@corp.example' })
    expect(down.body).toEqual({ ok: false, detail: expect.stringContaining('ECONNREFUSED') })
  })

  test.each([
    {},
    { to: 'nobody' },
    { to: 'a@b.example, c@d.example' },
    { to: 'a@b.example\r\nBcc: c@d.example' },
    { to: 1 },
  ])('is not sent to %j', async (body) => {
    const { status, body: problem } = await api('POST', '/notices/test-mail', body)
    expect([status, problem.code]).toEqual([422, 'validation_failed'])
  })
})

describe('who may', () => {
  test('read and change how they are told: each person for themself, no program', async () => {
    const as = await sessionOf(there.service, await addPerson(there.service, 'Bob'))
    const changed = await api<NoticePreferencesRead>(
      'PATCH',
      '/me/notice-preferences',
      { reviews: 'none' },
      as,
    )
    expect(changed.body).toMatchObject({ reviews: 'none', approvals: 'mail' })
    for (const method of ['GET', 'PATCH']) {
      const { status } = await api(method, '/me/notice-preferences', method === 'PATCH' ? {} : undefined)
      expect(status).toBe(404)
    }
    const wrong = await api('PATCH', '/me/notice-preferences', { reviews: 'pigeon', invitations: 'none' }, as)
    expect(wrong.body.errors.map(({ pointer }) => pointer).sort()).toEqual(['/invitations', '/reviews'])
  })

  test.each([
    ['GET', '/notices'],
    ['POST', `/notices/ntc_${'0'.repeat(32)}/send-again`],
    ['POST', '/notices/test-mail'],
    ['GET', '/notice-channels'],
    ['POST', '/notice-channels'],
    ['GET', '/notice-templates'],
    ['PATCH', '/notice-templates/approval_asked'],
    ['GET', '/notice-templates/approval_asked/preview'],
  ])('%s %s: administrators only', async (method, path) => {
    const as = await sessionOf(there.service, await addPerson(there.service, 'Bob'))
    const body = method === 'GET' ? undefined : {}
    expect((await api(method, path, body, as)).status).toBe(404)
    expect((await api(method, path, body, { key: null })).status).toBe(401)
  })
})
