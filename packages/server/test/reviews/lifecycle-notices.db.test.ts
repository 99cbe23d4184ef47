/** Who is told of reviews, unused access and offboarding. How notices are sent is tested with the notices. */
import type { Page } from '@keyhook/contract/api/list.ts'
import type { NoticeRead } from '@keyhook/contract/api/notice.ts'
import { expect, test, vi } from 'vitest'
import { createNotices } from '../../src/notices/notices.ts'
import { reassignGone } from '../../src/reviews/review-reassign.ts'
import { freePort } from '../support/free-port.ts'
import { serviceForTest, type TestService } from '../support/harness.ts'
import { addApp, addGrant, addPerson, day, movableClock, sessionOf, setStatus } from './company.ts'
import { reviewsOf } from './reviews-api.ts'

const soon = { timeout: 20_000, interval: 100 }

/** A service that has a mail server to send by, which does not answer: what is to be told is kept. */
async function serviceThatTells() {
  const time = movableClock()
  const url = `smtp://127.0.0.1:${await freePort()}`
  const env = { KEYHOOK_SMTP_URL: url, KEYHOOK_MAIL_FROM: 'Keyhook <keyhook@example.com>' }
  const service = await serviceForTest(env, { clock: time.clock })
  return { service, time }
}

/** Kind and recipient of every notice of some kinds. What is to be told is made notices of at once, as by another process. */
async function told(service: TestService, ...kinds: string[]): Promise<string[]> {
  await createNotices(service.ctx).work()
  const { body } = await service.api<Page<NoticeRead>>('GET', '/notices?limit=200')
  return body.data.filter(({ kind }) => kinds.includes(kind)).map(({ kind, to }) => `${kind} ${to?.name}`)
}

test('reviewers are told when a review opens, when it is near its end, and when they take over; who made it, of its end', async () => {
  const { service, time } = await serviceThatTells()
  const root = await addPerson(service, 'Root', { role: 'admin' })
  const [boss, admin] = [await addPerson(service, 'Boss'), await addPerson(service, 'Admin')]
  const app = await addApp(service, 'Ledger', { admins: [admin] })
  for (const name of ['Ann', 'Bob'])
    await addGrant(service, await addPerson(service, name, { manager_id: boss.id }), app)
  const { review, read } = reviewsOf(service)
  const made = await review({ remind_before_seconds: 86_400 }, await sessionOf(service, root))
  const kinds = ['review_opened', 'review_reminder', 'review_ended']
  const expectTold = (expected: string[]) =>
    vi.waitFor(async () => expect((await told(service, ...kinds)).sort()).toEqual(expected.sort()), soon)
  await expectTold(['review_opened Boss Person'])
  await setStatus(service, boss, 'inactive')
  await reassignGone(service.ctx)
  await expectTold(['review_opened Boss Person', 'review_opened Admin Person'])
  time.forward(13.5 * day)
  const reminded = ['review_opened Boss Person', 'review_opened Admin Person', 'review_reminder Admin Person']
  await expectTold(reminded)
  time.forward(day)
  await vi.waitFor(async () => expect((await read(made.body.id)).status).toBe('ended'), soon)
  await expectTold([...reminded, 'review_ended Root Person'])
})

test('whoever does not use their access is told', async () => {
  const { service, time } = await serviceThatTells()
  const app = await addApp(service, 'Ledger', { inactivity: { after_days: 30, notice_days: 7 } })
  await addGrant(service, await addPerson(service, 'Ann'), app)
  time.forward(31 * day)
  await vi.waitFor(
    async () => expect(await told(service, 'access_inactive')).toEqual(['access_inactive Ann Person']),
    soon,
  )
})

test('whoever deactivated somebody is told when their access has ended; of a program, the administrators', async () => {
  const { service } = await serviceThatTells()
  const [root, other] = [
    await addPerson(service, 'Root', { role: 'admin' }),
    await addPerson(service, 'Other', { role: 'admin' }),
  ]
  const kind = 'offboarding_finished'
  const leaver = await addPerson(service, 'Ann')
  const asRoot = await sessionOf(service, root)
  expect((await service.api('POST', `/users/${leaver.id}/offboard`, undefined, asRoot)).status).toBe(201)
  await vi.waitFor(async () => expect(await told(service, kind)).toEqual([`${kind} Root Person`]), soon)
  await service.api('POST', `/users/${(await addPerson(service, 'Bob')).id}/offboard`)
  await vi.waitFor(
    async () =>
      expect((await told(service, kind)).sort()).toEqual(
        [`${kind} Other Person`, `${kind} Root Person`, `${kind} Root Person`].sort(),
      ),
    soon,
  )
  expect(other.name).toBe('Other Person')
})
