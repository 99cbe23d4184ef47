/** Who is told what, over the life of access. */
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import { expect, test } from 'vitest'
import { addApp, addGrant, addGroup, addPerson, day, type Person, sessionOf } from '../reviews/company.ts'
import { appApprovedBy, ask, noticesOf } from './company.ts'
import { serviceWithMail } from './mail-service.ts'

const there = serviceWithMail()

/** The subjects of what a person was told, the oldest first. */
const toldTo = ({ email }: Person) => there.mail.of(email).map(({ subject }) => subject)
const eventually = (person: Person, subjects: string[]) =>
  there.until(() => expect(toldTo(person).sort()).toEqual([...subjects].sort()))

async function post(path: string, body: object = {}, options = {}): Promise<void> {
  const answer = await there.service.api('POST', path, body, options)
  expect(answer.status, answer.text).toBeLessThan(300)
}

test('from the question to the access by hand and its end', async () => {
  const { service, mail } = there
  const [ann, bob, tom] = [
    await addPerson(service, 'Ann'),
    await addPerson(service, 'Bob'),
    await addPerson(service, 'Tom'),
  ]
  const app = await appApprovedBy(service, [bob], { admins: [tom] })
  const request = await ask(service, ann, app, { access_length_seconds: 86_400 })
  await eventually(bob, ['Ann Person asks for Ledger'])
  await post(`/access-requests/${request.id}/approve`)
  await eventually(tom, ['Give Ann Person access to Ledger'])
  expect(mail.of(tom.email)[0]?.text).toContain('Why by hand: No webhook does it.')
  const { body } = await service.api<AccessRequestRead>('GET', `/access-requests/${request.id}`)
  await post(`/tasks/${body.tasks.find(({ kind }) => kind === 'confirm_provisioning')?.id}/complete`)
  await eventually(ann, ['You have access to Ledger'])
  expect(mail.of(ann.email)[0]?.text).toMatch(/Permissions: Viewer\nUntil: \d+ \w+ \d{4} at \d\d:\d\d UTC\n/)
  there.forward(0.9 * day)
  await eventually(ann, ['You have access to Ledger', 'Your access to Ledger ends soon'])
  there.forward(0.2 * day)
  await eventually(tom, ['Give Ann Person access to Ledger', 'Remove access of Ann Person to Ledger'])
  const { body: ended } = await service.api<AccessRequestRead>('GET', `/access-requests/${request.id}`)
  await post(`/tasks/${ended.tasks.find(({ kind }) => kind === 'confirm_deprovisioning')?.id}/complete`)
  await eventually(ann, [
    'You have access to Ledger',
    'Your access to Ledger ends soon',
    'Your access to Ledger has ended',
  ])
})

test('access for a colleague: both are told of it', async () => {
  const { service } = there
  const [ann, eve] = [await addPerson(service, 'Ann'), await addPerson(service, 'Eve')]
  const app = await addApp(service, 'Wiki', { request_for_others: true })
  await addGrant(service, ann, app, { target_user_id: eve.id })
  await eventually(eve, ['You have access to Wiki'])
  await eventually(ann, ['Eve Person has access to Wiki'])
})

test('who asked is told that it was denied, and why', async () => {
  const { service, mail } = there
  const [ann, bob] = [await addPerson(service, 'Ann'), await addPerson(service, 'Bob')]
  const request = await ask(service, ann, await appApprovedBy(service, [bob]))
  const as = await sessionOf(service, bob)
  await post(`/access-requests/${request.id}/deny`, { reason: 'Too <b>early</b>' }, as)
  await eventually(ann, ['Your request for Ledger was denied'])
  const [told] = mail.of(ann.email)
  expect(told?.text).toContain('Reason: Too <b>early</b>\n')
  expect(told?.html).toContain('Too &lt;b&gt;early&lt;/b&gt;')
})

test('who cancels their own request knows; of another’s doing they are told', async () => {
  const { service, work } = there
  const [ann, bob] = [await addPerson(service, 'Ann'), await addPerson(service, 'Bob')]
  const app = await appApprovedBy(service, [bob])
  const own = await ask(service, ann, app)
  await post(`/access-requests/${own.id}/cancel`, {}, await sessionOf(service, ann))
  await work()
  expect(toldTo(ann)).toEqual([])
  const second = await ask(service, ann, app)
  await post(`/access-requests/${second.id}/cancel`)
  await eventually(ann, ['Your request for Ledger was cancelled'])
})

test('who asked is told when it could not be done', async () => {
  const { service, mail } = there
  const [ann, tom] = [await addPerson(service, 'Ann'), await addPerson(service, 'Tom')]
  const request = await ask(service, ann, await addApp(service, 'Wiki', { admins: [tom] }))
  const [task] = request.tasks
  await post(`/tasks/${task?.id}/complete`, { outcome: 'not_done', comment: 'No seats left' })
  await eventually(ann, ['Access to Wiki could not be given'])
  expect(mail.of(ann.email)[0]?.text).toContain('What stood in the way: No seats left')
})

test('approvers are reminded, and then the app admins may decide', async () => {
  const { service } = there
  const [ann, bob, tom] = [
    await addPerson(service, 'Ann'),
    await addPerson(service, 'Bob'),
    await addPerson(service, 'Tom'),
  ]
  const app = await appApprovedBy(service, [bob], {
    admins: [tom],
    remind_after_seconds: 86_400,
    escalate_after_seconds: 2 * 86_400 - 60,
  })
  await ask(service, ann, app)
  await eventually(bob, ['Ann Person asks for Ledger'])
  there.forward(day + 1_000)
  await eventually(bob, ['Ann Person asks for Ledger', 'Still waiting: Ann Person asks for Ledger'])
  there.forward(day - 60_000)
  await eventually(tom, ['Nobody has decided: Ann Person asks for Ledger'])
})

test('work of an app without app admins goes to the administrators', async () => {
  const { service } = there
  const [ann, root, left] = [
    await addPerson(service, 'Ann'),
    await addPerson(service, 'Root', { role: 'admin' }),
    await addPerson(service, 'Left', { role: 'admin', status: 'inactive' }),
  ]
  await ask(service, ann, await addApp(service, 'Orphan', { admins: [left] }))
  await eventually(root, ['Give Ann Person access to Orphan'])
  expect(toldTo(left)).toEqual([])
})

test('several permissions of one request by hand are one mail to each', async () => {
  const { service, mail, work } = there
  const { addPermission } = await import('../reviews/company.ts')
  const [ann, tom] = [await addPerson(service, 'Ann'), await addPerson(service, 'Tom')]
  const app = await addApp(service, 'Wiki', { admins: [await addGroup(service, 'Team', [tom]), tom] })
  const editor = await addPermission(service.ctx, app.id, 'Editor')
  await ask(service, ann, app, { permission_ids: [app.permissionId, editor] })
  await eventually(tom, ['Give Ann Person access to Wiki'])
  await work()
  expect(await noticesOf(service, tom)).toHaveLength(1)
  expect(mail.of(tom.email)[0]?.text).toMatch(/Permission: (Viewer, Editor|Editor, Viewer)\n/)
})

test('reviewers are told of a review, its end is told to who made it, and offboarding to who began it', async () => {
  const { service } = there
  const [ann, tom, root] = [
    await addPerson(service, 'Ann'),
    await addPerson(service, 'Tom'),
    await addPerson(service, 'Rita', { role: 'admin' }),
  ]
  const app = await addApp(service, 'Wiki', { admins: [tom] })
  await addGrant(service, ann, app)
  const as = await sessionOf(service, root)
  const made = await service.api<{ id: string }>(
    'POST',
    '/access-reviews',
    {
      name: 'Wiki 2026',
      reviewers: { type: 'app_admins' },
      scope: { app_ids: [app.id] },
      deadline: new Date(there.clock() + 7 * day).toISOString(),
    },
    as,
  )
  expect(made.status, made.text).toBe(201)
  await there.until(() => expect(toldTo(tom)).toContain('Please review access: Wiki 2026'))
  there.forward(8 * day)
  await there.until(() => expect(toldTo(root)).toContain('The review of access Wiki 2026 has ended'))
})
