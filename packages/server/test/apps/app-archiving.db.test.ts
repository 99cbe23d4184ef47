import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { AppRead, ArchivedRead } from '@keyhook/contract/api/app.ts'
import type { EventPage } from '@keyhook/contract/api/event.ts'
import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import { describe, expect, test } from 'vitest'
import {
  call,
  makeApp,
  makeUser,
  makeWebhook,
  payloads,
  receiverForTest,
  resting,
  submit,
} from '../access/support.ts'
import { serviceForTest } from '../support/harness.ts'
import { makePerson } from '../support/person.ts'
import { json } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service } = serviceWithReceiver()
const manager = [{ type: 'manager' }]
const archive = (path: string) => call<ArchivedRead>(service, 'DELETE', path)
const readRequest = (id: string) => call<AccessRequestRead>(service, 'GET', `/access-requests/${id}`)
const revoke = (id: string) => call<GrantRead>(service, 'POST', `/grants/${id}/revoke`, { reason: 'Over' })

describe('an archived app', () => {
  test('leaves the catalogue and the list, can be read still, and is not asked for', async () => {
    const app = await makeApp(service)
    const user = await makeUser(service)
    expect(await archive(`/apps/${app.id}`)).toEqual({ live_grants: 0, cancelled_requests: 0 })
    expect((await service.api('GET', `/catalogue/${app.id}`)).status).toBe(404)
    const body = { app_id: app.id, permission_ids: [app.permissions[0]?.id], requester_id: user.id }
    expect((await service.api('POST', '/access-requests', body)).status).toBe(404)
    expect((await call<AppRead>(service, 'GET', `/apps/${app.id}`)).archived).toBe(true)
    const ids = async (query: string) =>
      (await call<Page<AppRead>>(service, 'GET', `/apps?limit=200&${query}`)).data.map(({ id }) => id)
    expect(await ids('archived=false')).not.toContain(app.id)
    expect(await ids('archived=true')).toContain(app.id)
  })

  test('is told in the log, and archived once', async () => {
    const app = await makeApp(service)
    await archive(`/apps/${app.id}`)
    expect((await service.api('DELETE', `/apps/${app.id}`)).status).toBe(404)
    const { data } = await call<EventPage>(
      service,
      'GET',
      `/events?target_id=${app.id}&type=ADMIN_ARCHIVED_APP`,
    )
    expect(data).toHaveLength(1)
  })

  test('is not archived by who has not seen its last change', async () => {
    const app = await makeApp(service)
    await call(service, 'PATCH', `/apps/${app.id}`, { category: 'New' })
    const stale = { headers: { 'if-match': '"1"' } }
    expect((await service.api('DELETE', `/apps/${app.id}`, undefined, stale)).status).toBe(412)
  })

  test('takes no new permissions, rules or simulations', async () => {
    const app = await makeApp(service)
    const user = await makeUser(service)
    await archive(`/apps/${app.id}`)
    const at = `/apps/${app.id}`
    const simulated = { permission_ids: [app.permissions[0]?.id], requester_id: user.id }
    expect((await service.api('POST', `${at}/permissions`, { label: 'New' })).status).toBe(404)
    expect((await service.api('POST', `${at}/pre-approval-rules`, {})).status).toBe(404)
    expect((await service.api('POST', `${at}/simulate`, simulated)).status).toBe(404)
  })

  test('cancels requests that wait, with the reason, and leaves what was given', async () => {
    const slow = await receiverForTest(
      (_request, response) => void setTimeout(() => response.end(), 60_000).unref(),
    )
    const hook = await makeWebhook(service, 'request_validation', slow.url)
    const app = await makeApp(service, { permissions: ['Read', 'Write', 'Slow'] })
    const ask = async (label: string, more: object = {}) => {
      const permissions = app.permissions.filter((one) => one.label === label)
      return submit(service, { ...app, permissions }, (await makeUser(service)).id, more)
    }
    // Without a webhook a person gives it: it is decided, and only the work is left.
    const decided = await ask('Read')
    const given = await ask('Read')
    await call(service, 'POST', `/tasks/${given.tasks[0]?.id}/complete`, {})
    await call(service, 'PATCH', `/apps/${app.id}`, { approvers: manager })
    const waiting = await ask('Write')
    expect(waiting.status).toBe('awaiting_approval')
    await call(service, 'PATCH', `/apps/${app.id}`, {
      webhooks: { request_validation: { webhook_id: hook.id } },
    })
    const validating = await call<AccessRequestRead>(service, 'POST', '/access-requests', {
      app_id: app.id,
      permission_ids: [app.permissions.find(({ label }) => label === 'Slow')?.id],
      requester_id: (await makeUser(service)).id,
    })
    expect(validating.status).toBe('validating')

    expect(await archive(`/apps/${app.id}`)).toEqual({ live_grants: 1, cancelled_requests: 2 })
    for (const { id } of [waiting, validating]) {
      const cancelled = await readRequest(id)
      expect(cancelled.status).toBe('cancelled')
      expect(cancelled.timeline.at(-1)?.text).toContain('The app was archived.')
      expect(cancelled.tasks.every(({ status }) => status !== 'open')).toBe(true)
    }
    expect((await readRequest(decided.id)).status).toBe('awaiting_confirmation')
    expect((await readRequest(given.id)).status).toBe('active')
  })

  test('access through it ends as before: its webhook is asked to remove it', async () => {
    const removal = await receiverForTest(json(204))
    const app = await makeApp(service, {
      webhooks: {
        provisioning: (await makeWebhook(service, 'provisioning', removal.url)).id,
        deprovisioning: (await makeWebhook(service, 'deprovisioning', removal.url)).id,
      },
    })
    const active = await submit(service, app, (await makeUser(service)).id)
    expect(await archive(`/apps/${app.id}`)).toMatchObject({ live_grants: 1 })
    await revoke(active.grants[0]?.id ?? '')
    expect(await resting(service, active.id)).toMatchObject({ status: 'ended' })
    expect(payloads(removal).at(-1)).toMatchObject({ webhook_type: 'deprovisioning', reason: 'revoked' })
  })

  test('its app admins still get and do the work that is left', async () => {
    const admin = await makePerson(service, 'archived.admin@example.com')
    const app = await makeApp(service, { admins: [admin.id] })
    const given = await submit(service, app, (await makeUser(service)).id)
    await call(service, 'POST', `/tasks/${given.tasks[0]?.id}/complete`, {}, admin.as)
    await archive(`/apps/${app.id}`)
    const { grants } = await readRequest(given.id)
    await call(service, 'POST', `/grants/${grants[0]?.id}/revoke`, { reason: 'Over' }, admin.as)
    const { data } = await call<Page<TaskRead>>(service, 'GET', '/tasks', undefined, admin.as)
    const task = data.find(({ kind, status }) => kind === 'confirm_deprovisioning' && status === 'open')
    await call(service, 'POST', `/tasks/${task?.id}/complete`, {}, admin.as)
    expect(await readRequest(given.id)).toMatchObject({ status: 'ended' })
  })
})

describe('an archived permission', () => {
  test('cancels the requests that wait for it, and no others; who has it keeps it', async () => {
    const app = await makeApp(service, { permissions: ['Read', 'Write'] })
    const [read, write] = app.permissions
    const ask = async (...permissions: typeof app.permissions) =>
      submit(service, { ...app, permissions }, (await makeUser(service)).id)
    if (!read || !write) throw new Error()
    const given = await ask(read)
    await call(service, 'POST', `/tasks/${given.tasks[0]?.id}/complete`, {})
    await call(service, 'PATCH', `/apps/${app.id}`, { approvers: manager })
    const both = await ask(read, write)
    const other = await ask(write)

    const answer = await archive(`/apps/${app.id}/permissions/${read.id}`)
    expect(answer).toEqual({ live_grants: 1, cancelled_requests: 1 })
    expect(await readRequest(both.id)).toMatchObject({ status: 'cancelled' })
    expect((await readRequest(both.id)).timeline.at(-1)?.text).toContain('A permission of it was archived.')
    expect(await readRequest(other.id)).toMatchObject({ status: 'awaiting_approval' })
    expect(await readRequest(given.id)).toMatchObject({ status: 'active' })
    await revoke((await readRequest(given.id)).grants[0]?.id ?? '')
    expect(await readRequest(given.id)).toMatchObject({ status: 'awaiting_removal' })

    const body = { app_id: app.id, permission_ids: [read.id], requester_id: (await makeUser(service)).id }
    const refused = await service.api<{ errors: object[] }>('POST', '/access-requests', body)
    expect(refused.body.errors).toEqual([
      { pointer: '/permission_ids/0', detail: 'This app has no such permission.' },
    ])
  })
})

test('requests that a crash left waiting for what was archived are cancelled by the next process', async () => {
  const first = await serviceForTest()
  const app = await makeApp(first, { approvers: manager, permissions: ['Read', 'Write'] })
  const ask = async (permissions: typeof app.permissions) =>
    submit(first, { ...app, permissions }, (await makeUser(first)).id)
  const other = await makeApp(first, { approvers: manager })
  const forApp = await submit(first, other, (await makeUser(first)).id)
  const forPermission = await ask(app.permissions.slice(0, 1))
  const untouched = await ask(app.permissions.slice(1))
  // As after a crash between the commit of the archiving and the first cancelling.
  const archived_at = new Date()
  await first.ctx.db.updateTable('apps').set({ archived_at }).where('id', '=', other.id).execute()
  const id = app.permissions[0]?.id ?? ''
  await first.ctx.db.updateTable('permissions').set({ archived_at }).where('id', '=', id).execute()

  const next = await first.restart()
  const status = async (request: AccessRequestRead) =>
    (await call<AccessRequestRead>(next, 'GET', `/access-requests/${request.id}`)).status
  await expect.poll(() => status(forApp), { timeout: 15_000 }).toBe('cancelled')
  await expect.poll(() => status(forPermission), { timeout: 15_000 }).toBe('cancelled')
  expect(await status(untouched)).toBe('awaiting_approval')
  await next.stop()
}, 90_000)
