import type { PermissionRead } from '@keyhook/contract/api/app.ts'
import type { ChainRead } from '@keyhook/contract/api/chain.ts'
import type { PreApprovalRuleRead } from '@keyhook/contract/api/pre-approval-rule.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import { describe, expect, test } from 'vitest'
import { call, makeApp, makeUser, makeWebhook, payloads, resting, submit } from '../access/support.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service, receiver } = serviceWithReceiver()

const hook = async (type: WebhookType, more: object = {}) =>
  (await makeWebhook(service, type, receiver.url, more)).id
const attached = (place: string, webhook_id: string) => ({ webhooks: { [place]: { webhook_id } } })
const remove = (id: string) => service.api<Problem>('DELETE', `/webhooks/${id}`)

describe('a webhook that is attached is not deleted, and what uses it is named', () => {
  test('by an app', async () => {
    const id = await hook('request_validation')
    const app = await makeApp(service, { name: 'Ledger', webhooks: { request_validation: id } })
    const refused = await remove(id)
    expect([refused.status, refused.body.code]).toEqual([409, 'webhook_in_use'])
    expect(refused.body.detail).toBe('The app Ledger uses it.')
    await call(service, 'PATCH', `/apps/${app.id}`, { webhooks: { request_validation: null } })
    expect((await remove(id)).status).toBe(204)
  })

  test('by a permission', async () => {
    const id = await hook('provisioning')
    const app = await makeApp(service, { name: 'Wiki', permissions: [] })
    const at = `/apps/${app.id}/permissions`
    const made = await call<PermissionRead>(service, 'POST', at, {
      label: 'Edit',
      ...attached('provisioning', id),
    })
    expect((await remove(id)).body.detail).toBe('The permission Edit of the app Wiki uses it.')
    await call(service, 'DELETE', `${at}/${made.id}`)
    expect((await remove(id)).status).toBe(204)
  })

  test('by a pre-approval rule', async () => {
    const id = await hook('pre_approval')
    const app = await makeApp(service, { name: 'Vault' })
    const at = `/apps/${app.id}/pre-approval-rules`
    const rule = await call<PreApprovalRuleRead>(service, 'POST', at, { name: 'On call', webhook_ids: [id] })
    expect((await remove(id)).body.detail).toBe('The pre-approval rule On call of the app Vault uses it.')
    await call(service, 'DELETE', `${at}/${rule.id}`)
    expect((await remove(id)).status).toBe(204)
  })

  test('by an archived app as long as people have access through it', async () => {
    const id = await hook('deprovisioning')
    const app = await makeApp(service, {
      name: 'Old',
      webhooks: { provisioning: await hook('provisioning'), deprovisioning: id },
    })
    const active = await submit(service, app, (await makeUser(service)).id)
    await call(service, 'DELETE', `/apps/${app.id}`)
    expect((await remove(id)).body.detail).toBe('The app Old uses it.')
    await call(service, 'POST', `/grants/${active.grants[0]?.id}/revoke`, { reason: 'Over' })
    expect((await resting(service, active.id)).status).toBe('ended')
    expect((await remove(id)).status).toBe(204)
  })
})

test('a webhook that is disabled while attached fails, and the chain of the app says so', async () => {
  const id = await hook('request_validation', { name: 'Check HR' })
  const app = await makeApp(service, { webhooks: { request_validation: id } })
  await call(service, 'PATCH', `/webhooks/${id}`, { enabled: false })
  const { steps } = await call<ChainRead>(service, 'GET', `/apps/${app.id}/chain`)
  expect(steps[1]?.parts).toEqual([
    {
      label: 'Every request',
      text: 'When it fails, the request is refused.',
      webhooks: [{ id, name: 'Check HR', enabled: false, condition: null }],
      problem: '“Check HR” is disabled, so requests are refused.',
    },
  ])
  const refused = await submit(service, app, (await makeUser(service)).id)
  expect(refused).toMatchObject({ status: 'rejected', rejection: { failure_reason: 'webhook_disabled' } })
})

describe('several permissions of one request', () => {
  const ask = async (more: object) => {
    const app = await makeApp(service, {
      permissions: ['Read', 'Write'],
      webhooks: {
        provisioning: await hook('provisioning', more),
        deprovisioning: await hook('deprovisioning', more),
      },
    })
    const active = await submit(service, app, (await makeUser(service)).id)
    expect(active.status).toBe('active')
    return payloads(receiver).map(({ permissions }) =>
      (permissions as { label: string }[]).map(({ label }) => label),
    )
  }

  test('are one delivery', async () => expect(await ask({})).toEqual([['Read', 'Write']]))

  test('are a delivery each where the webhook wants it', async () => {
    const sent = await ask({ delivery_per_permission: true })
    expect(sent.toSorted()).toEqual([['Read'], ['Write']])
  })
})
