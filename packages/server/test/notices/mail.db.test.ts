import { expect, test, vi } from 'vitest'
import { createNotices } from '../../src/notices/notices.ts'
import { addGroup, addPerson, movableClock, setStatus } from '../reviews/company.ts'
import { serviceForTest } from '../support/harness.ts'
import { appApprovedBy, ask, asked, noticesOf } from './company.ts'
import { header } from './mail-reader.ts'
import { sender, serviceWithMail, soon } from './mail-service.ts'
import { mailboxForTest } from './mailbox.ts'

const hour = 3_600_000
const minute = 60_000
const there = serviceWithMail()

const later = { code: 451, text: 'greylisted', at: 'recipient' } as const
const never = { code: 550, text: 'no such mailbox here', at: 'recipient' } as const

/** Until the first attempt to tell somebody has failed. */
const tried = (person: { id: string }) =>
  there.until(async () => {
    const [notice] = await noticesOf(there.service, person)
    expect(notice?.last_error).toEqual(expect.any(String))
    return notice
  })

test('who is to decide is told by mail, once, with a link to the request', async () => {
  const { service, mail } = there
  const { bob, request } = await asked(service)
  await vi.waitFor(() => expect(mail.of(bob.email)).toHaveLength(1), soon)
  const [told] = mail.of(bob.email)
  expect(told?.from).toBe(sender)
  expect(told?.toHeader).toBe(`Bob Person <${bob.email}>`)
  expect(told?.subject).toBe('Ann Person asks for Ledger')
  expect(header(told?.headers ?? [], 'auto-submitted')).toBe('auto-generated')
  for (const body of [told?.text, told?.html])
    for (const part of [
      'Ann Person',
      'Viewer',
      'The quarterly close',
      `${service.url}/requests/${request.id}`,
    ])
      expect(body).toContain(part)
  await vi.waitFor(
    async () =>
      expect(await noticesOf(service, bob)).toMatchObject([
        {
          kind: 'approval_asked',
          channel: 'mail',
          status: 'sent',
          to: { id: bob.id, email: bob.email, name: bob.name },
          subject: 'Ann Person asks for Ledger',
          access_request_id: request.id,
          attempts: 1,
          last_error: null,
          next_attempt_at: null,
        },
      ]),
    soon,
  )
})

test('who is named by several ways is told once, and of all who are in a group only the active ones', async () => {
  const { service, mail, work } = there
  const [ann, bob, cleo, gone] = await Promise.all(
    ['Ann', 'Bob', 'Cleo', 'Gone'].map((name) => addPerson(service, name)),
  )
  if (!ann || !bob || !cleo || !gone) throw new Error('there are four')
  const team = await addGroup(service, 'Team', [bob, cleo, gone])
  await setStatus(service, gone, 'inactive')
  await ask(service, ann, await appApprovedBy(service, [team, bob]))
  await work()
  await there.until(() => expect([bob, cleo].flatMap(({ email }) => mail.of(email))).toHaveLength(2))
  expect(await noticesOf(service, bob)).toHaveLength(1)
  expect(await noticesOf(service, gone)).toEqual([])
})

/** Not at every look: a clock that jumps while a mail is under way lets it look lost, and so be sent again. */
function nowAndThen(act: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY
  return () => {
    if (performance.now() - last < 3_000) return
    last = performance.now()
    act()
  }
}

test('while the mail server is down nothing is lost, and once it is up nothing is sent twice', async () => {
  const { service, mail, forward } = there
  await mail.down()
  const requests: Awaited<ReturnType<typeof asked>>[] = []
  for (let count = 0; count < 4; count++) requests.push(await asked(service))
  await there.until(async () => {
    const all = await Promise.all(requests.map(({ bob }) => noticesOf(service, bob)))
    expect(all.flat().map(({ status }) => status)).toEqual(Array(4).fill('waiting'))
    expect(all.flat().some(({ last_error }) => last_error?.includes('ECONNREFUSED'))).toBe(true)
  })
  await mail.up()
  const goOn = nowAndThen(() => forward(10 * minute))
  await there.until(async () => {
    goOn()
    for (const { bob } of requests) expect(await noticesOf(service, bob)).toMatchObject([{ status: 'sent' }])
  })
  expect(requests.map(({ bob }) => mail.of(bob.email).length)).toEqual([1, 1, 1, 1])
})

test('while the mail server is down it is left alone, and what waits is not counted as tried', async () => {
  const { service, mail, work } = there
  await mail.down()
  const first = await asked(service)
  // By the service itself: another process would learn it for itself only.
  await vi.waitFor(async () => {
    expect(await noticesOf(service, first.bob)).toMatchObject([{ last_error: expect.any(String) }])
  }, soon)
  const others: Awaited<ReturnType<typeof asked>>[] = []
  for (let count = 0; count < 6; count++) others.push(await asked(service))
  await work()
  const attempts = await Promise.all(
    others.map(async ({ bob }) => (await noticesOf(service, bob))[0]?.attempts),
  )
  // One process looks here, and the service itself.
  expect(attempts.filter((count) => count !== 0).length).toBeLessThanOrEqual(5)
  await mail.up()
  const goOn = nowAndThen(() => there.forward(10 * minute))
  await vi.waitFor(async () => {
    goOn()
    for (const { bob } of [first, ...others]) expect(mail.of(bob.email)).toHaveLength(1)
  }, soon)
})

test('a refusal for now is tried again later, not at once', async () => {
  const { service, mail, clock, forward, work } = there
  mail.refuse(() => later)
  const { bob } = await asked(service)
  const notice = await tried(bob)
  expect(notice).toMatchObject({ status: 'waiting', last_error: expect.stringContaining('greylisted') })
  expect(Date.parse(notice?.next_attempt_at ?? '')).toBeGreaterThan(clock())
  mail.refuse(null)
  await work()
  expect(mail.of(bob.email)).toEqual([])
  forward(minute)
  await there.until(() => expect(mail.of(bob.email)).toHaveLength(1))
})

test('a refusal for good is shown as failed, with what the server said, and can be sent again', async () => {
  const { service, mail } = there
  mail.refuse(() => never)
  const { bob } = await asked(service)
  expect(await tried(bob)).toMatchObject({
    status: 'failed',
    attempts: 1,
    next_attempt_at: null,
    last_error: expect.stringContaining('no such mailbox here'),
  })
  mail.refuse(null)
  const [failed] = await noticesOf(service, bob, 'status=failed')
  const path = `/notices/${failed?.id}/send-again`
  const again = await service.api('POST', path)
  expect([again.status, again.body]).toMatchObject([200, { status: 'waiting', attempts: 0 }])
  await there.until(async () => expect(await noticesOf(service, bob, 'status=sent')).toHaveLength(1))
  expect(mail.of(bob.email)).toHaveLength(1)
  const twice = await service.api('POST', path)
  expect([twice.status, twice.body]).toMatchObject([
    409,
    { code: 'request_state_conflict', state: { status: 'sent', allowed: [] } },
  ])
})

test('a mail that is refused once the server has read it is told the same way', async () => {
  const { service, mail } = there
  mail.refuse(() => ({ code: 554, text: 'looks like spam', at: 'message' }))
  const { bob } = await asked(service)
  expect(await tried(bob)).toMatchObject({
    status: 'failed',
    last_error: expect.stringContaining('looks like spam'),
  })
})

test('one address that is refused keeps nobody else from being told', async () => {
  const { service, mail } = there
  const [ann, bob, cleo] = [
    await addPerson(service, 'Ann'),
    await addPerson(service, 'Bob'),
    await addPerson(service, 'Cleo'),
  ]
  mail.refuse((to) => (to === bob.email ? never : null))
  await ask(service, ann, await appApprovedBy(service, [bob, cleo]))
  await there.until(() => expect(mail.of(cleo.email)).toHaveLength(1))
  expect(mail.of(bob.email)).toEqual([])
})

test('what could not be sent for more than three days is shown as failed', async () => {
  const { service, mail, clock, forward, until } = there
  const { ann, bob } = { ann: await addPerson(service, 'Ann'), bob: await addPerson(service, 'Bob') }
  mail.refuse((to) => (to === bob.email ? { ...later, text: 'mailbox full' } : null))
  await ask(service, ann, await appApprovedBy(service, [bob]))
  await tried(bob)
  // Beside the reminders that time brings.
  const first = () => noticesOf(service, bob, 'kind=approval_asked')
  const began = clock()
  for (let attempts = 1; attempts < 40; attempts++) {
    const [notice] = await first()
    if (notice?.status !== 'waiting') break
    forward(Math.max(0, Date.parse(notice.next_attempt_at ?? '') - clock()))
    await until(() => {})
  }
  expect(await first()).toMatchObject([
    { status: 'failed', attempts: 24, last_error: expect.stringContaining('mailbox full') },
  ])
  // A weekend.
  expect((clock() - began) / hour).toBeGreaterThan(72)
})

test('processes that look at the same time send a notice once', async () => {
  const { service, mail } = there
  const requests: Awaited<ReturnType<typeof asked>>[] = []
  for (let count = 0; count < 5; count++) requests.push(await asked(service))
  await Promise.all(Array.from({ length: 4 }, () => createNotices(service.ctx).work()))
  for (const { bob } of requests)
    await vi.waitFor(async () => expect(await noticesOf(service, bob, 'status=sent')).toHaveLength(1), soon)
  expect(requests.map(({ bob }) => mail.of(bob.email).length)).toEqual([1, 1, 1, 1, 1])
})

test('what a process was sending when it died is sent by another, under the same message id', async () => {
  const { service, mail, forward, work } = there
  const { bob } = await asked(service)
  await there.until(async () => expect(await noticesOf(service, bob, 'status=sent')).toHaveLength(1))
  // As it is when the server took the mail, and the process died before it wrote so.
  await service.ctx.db
    .updateTable('notices')
    .set({ status: 'waiting', sent_at: null, next_attempt_at: new Date(there.clock() + 5 * minute) })
    .where('user_id', '=', bob.id)
    .execute()
  await work()
  expect(mail.of(bob.email)).toHaveLength(1)
  forward(6 * minute)
  await there.until(async () => expect(await noticesOf(service, bob, 'status=sent')).toHaveLength(1))
  const ids = mail.of(bob.email).map(({ headers }) => header(headers, 'message-id'))
  expect(ids).toHaveLength(2)
  expect(ids[0]).toMatch(/^<[0-9a-f]{32}@corp\.example>$/)
  expect(ids[1]).toBe(ids[0])
})

test('who is deactivated while a mail waits gets none', async () => {
  const { service, mail, forward } = there
  mail.refuse(() => later)
  const { bob } = await asked(service)
  await tried(bob)
  await setStatus(service, bob, 'inactive')
  mail.refuse(null)
  forward(hour)
  await there.until(async () =>
    expect(await noticesOf(service, bob)).toMatchObject([
      { status: 'skipped', last_error: 'The person is not active any more.' },
    ]),
  )
  expect(mail.of(bob.email)).toEqual([])
})

test('who was asked to decide is not told any more once it was decided', async () => {
  const { service, mail, forward } = there
  mail.refuse((to) => (to.startsWith('bob') ? later : null))
  const { ann, bob, request } = await asked(service)
  await tried(bob)
  const denied = await service.api('POST', `/access-requests/${request.id}/deny`, { reason: 'Not now' })
  expect(denied.status, denied.text).toBe(200)
  mail.refuse(null)
  forward(hour)
  await there.until(async () => expect(await noticesOf(service, bob)).toMatchObject([{ status: 'skipped' }]))
  expect(mail.of(bob.email)).toEqual([])
  await there.until(() => expect(mail.of(ann.email)).toHaveLength(1))
})

test('a name that would add headers adds none, and shows as one line', async () => {
  const { service, mail } = there
  const bob = await addPerson(service, 'Bob')
  const ann = await addPerson(service, 'Ann')
  // Past the checks of the API, as from a directory of before.
  await service.ctx.db
    .updateTable('users')
    .set({ given_name: 'Ann\r\nBcc: eve@example.com', family_name: '\u202e"<eve@example.com>' })
    .where('id', 'in', [ann.id, bob.id])
    .execute()
  await ask(service, ann, await appApprovedBy(service, [bob]), {
    business_justification: 'a\nBcc: eve@example.com\n\n<script>alert(1)</script>',
  })
  await there.until(() => expect(mail.of(bob.email)).toHaveLength(1))
  const [told] = mail.of(bob.email)
  const names = (told?.headers ?? []).map(({ name }) => name.toLowerCase())
  expect(names).not.toContain('bcc')
  expect(names.filter((name) => name === 'to')).toHaveLength(1)
  expect(told?.subject).toMatch(/^Ann Bcc: eve@example\.com "<eve@example\.com> asks for Ledger$/)
  expect(told?.toHeader).toContain(`<${bob.email}>`)
  expect(told?.html).not.toContain('<script')
  expect(mail.of('eve@example.com')).toEqual([])
})

test('an invitation is mailed with its link, and the link is kept sealed until then and not after', async () => {
  const { service, mail, forward } = there
  const bob = await addPerson(service, 'Bob')
  mail.refuse(() => later)
  const first = await service.api<{ url: string; mailed: boolean }>('POST', `/users/${bob.id}/invite`)
  expect(first.body.mailed).toBe(true)
  await tried(bob)
  const stored = () =>
    service.ctx.db.selectFrom('notices').selectAll().where('user_id', '=', bob.id).execute()
  const token = new URL(first.body.url).hash.slice('#token='.length)
  expect(JSON.stringify(await stored())).not.toContain(token)
  expect((await stored())[0]?.data).toHaveProperty('sealed_url')
  const second = await service.api<{ url: string }>('POST', `/users/${bob.id}/invite`)
  mail.refuse(null)
  forward(hour)
  await there.until(async () =>
    expect(await noticesOf(service, bob)).toMatchObject([{ status: 'sent' }, { status: 'skipped' }]),
  )
  const told = mail.of(bob.email)
  expect(told).toHaveLength(1)
  expect(told[0]?.text).toContain(second.body.url)
  expect(told[0]?.text).not.toContain(token)
  expect((await stored()).map(({ data }) => 'sealed_url' in data)).toEqual([false, false])
})

test('what was sent is forgotten after 90 days, and what waits is not', async () => {
  const { service, forward } = there
  const { bob } = await asked(service)
  await there.until(async () => expect(await noticesOf(service, bob, 'status=sent')).toHaveLength(1))
  const { forgetOldNotices } = await import('../../src/notices/notice-age.ts')
  await forgetOldNotices(service.ctx)
  expect(await noticesOf(service, bob)).toHaveLength(1)
  forward(91 * 24 * hour)
  await forgetOldNotices(service.ctx)
  expect(await noticesOf(service, bob)).toEqual([])
})

test('without mail and chat nothing is kept to be sent', async () => {
  const service = await serviceForTest()
  const { bob } = await asked(service)
  await createNotices(service.ctx).work()
  expect(await noticesOf(service, bob)).toEqual([])
  expect(await service.ctx.db.selectFrom('notice_orders').selectAll().execute()).toEqual([])
  const invited = await service.api('POST', `/users/${bob.id}/invite`)
  expect(invited.body).toMatchObject({ mailed: false })
  const mailed = await service.api('POST', '/notices/test-mail', { to: 'ada@example.com' })
  expect(mailed.body).toEqual({ ok: false, detail: expect.stringContaining('KEYHOOK_SMTP_URL') })
})

test('what waited when the service stopped is sent by the next one, also when it stopped in the middle of it', async () => {
  const box = await mailboxForTest()
  const { clock, forward } = movableClock()
  const env = { KEYHOOK_SMTP_URL: `smtp://127.0.0.1:${box.port}`, KEYHOOK_MAIL_FROM: sender }
  const service = await serviceForTest(env, { clock })
  let hold = true
  const held = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  box.beforeTaking(async () => {
    reached.resolve()
    if (hold) await held.promise
  })
  const { bob } = await asked(service)
  await reached.promise
  await box.down()
  const next = await service.restart()
  try {
    hold = false
    held.resolve()
    await box.up()
    await vi.waitFor(async () => {
      forward(minute)
      expect(await noticesOf(next, bob)).toMatchObject([{ status: 'sent' }])
    }, soon)
    const ids = box.of(bob.email).map(({ headers }) => header(headers, 'message-id'))
    // The first server may have taken it too, though nobody was left to hear it.
    expect(ids.length).toBeGreaterThanOrEqual(1)
    expect(new Set(ids).size).toBe(1)
  } finally {
    await next.stop()
  }
})
