/** One server and one mailbox for all tests of a file, at a time that tests move on. */
import { afterAll, beforeAll, beforeEach, vi } from 'vitest'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import { createNotices, type Notices } from '../../src/notices/notices.ts'
import { movableClock } from '../reviews/company.ts'
import { startTestService, type TestService } from '../support/harness.ts'
import { type Mailbox, openMailbox } from './mailbox.ts'

export const sender = 'Keyhook <keyhook@corp.example>'
export const soon = { timeout: 20_000, interval: 50 }

export type MailService = {
  service: TestService
  mail: Mailbox
  clock: () => number
  forward(ms: number): void
  /** Does at once what is due, as another process would. */
  work(): Promise<void>
  /** Waits for what `check` expects. Another process does what is due, so that nobody waits for the next look of the server. */
  until<Found>(check: () => Found | Promise<Found>): Promise<Found>
}

/** To be called at the top of a file; what it returns is there once the tests run. Mail is up and takes all when one begins. */
export function serviceWithMail(): MailService {
  const time = movableClock()
  const parts: { service?: TestService; mail?: Mailbox; other?: Notices } = {}
  const part = <Name extends keyof typeof parts>(name: Name) => {
    const made = parts[name]
    if (!made) throw new Error('this is there inside tests only')
    return made
  }
  beforeAll(async () => {
    const mail = await openMailbox()
    parts.mail = mail
    const env = { KEYHOOK_SMTP_URL: `smtp://127.0.0.1:${mail.port}`, KEYHOOK_MAIL_FROM: sender }
    parts.service = await startTestService(env, {
      clock: time.clock,
      publicAllow: parseEgressAllow('127.0.0.1'),
    })
    parts.other = createNotices(parts.service.ctx)
  })
  afterAll(async () => {
    await parts.other?.stop()
    await parts.service?.stop()
    await parts.mail?.down()
  })
  beforeEach(async () => {
    parts.mail?.refuse(null)
    parts.mail?.beforeTaking(async () => {})
    await parts.mail?.up()
  })
  return {
    get service() {
      return part('service') as TestService
    },
    get mail() {
      return part('mail') as Mailbox
    },
    ...time,
    work: () => createNotices((part('service') as TestService).ctx).work(),
    until: (check) =>
      vi.waitFor(async () => {
        await (part('other') as Notices).work()
        return check()
      }, soon),
  }
}
