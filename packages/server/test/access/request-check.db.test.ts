/** Looking at a request while it is being filled in. */
import type { RequestCheckRead } from '@keyhook/contract/api/request-check.ts'
import { expect, test } from 'vitest'
import { makePerson } from '../support/person.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'
import { call, makeApp, makeUser, makeWebhook } from './support.ts'

const { service, receiver } = serviceWithReceiver()

const field = (label: string, more: object = {}) => ({ label, type: 'text', ...more })
const fields = [
  field('Why', { type: 'choice', options: ['Incident', 'Audit'], required: true }),
  field('Severity', { shown_when: "payload.custom_fields['Why'] == 'Incident'", required: true }),
  field('Pager', { shown_when: "payload.custom_fields['Severity'] == '1'" }),
  field('Cost centre', {
    check: {
      condition: "payload.custom_fields['Cost centre'].startsWith('CC-')",
      message: 'Begins with CC-',
    },
  }),
]

test('the fields that are asked for follow from the answers, also from those that were just asked for', async () => {
  const app = await makeApp(service, { intake_fields: fields })
  const { id } = await makeUser(service)
  const shown = async (custom_fields: object) =>
    (
      await call<RequestCheckRead>(service, 'POST', `/catalogue/${app.id}/check`, {
        requester_id: id,
        custom_fields,
      })
    ).shown
  expect(await shown({})).toEqual(['Why', 'Cost centre'])
  expect(await shown({ Why: 'Audit' })).toEqual(['Why', 'Cost centre'])
  expect(await shown({ Why: 'Incident' })).toEqual(['Why', 'Severity', 'Cost centre'])
  expect(await shown({ Why: 'Incident', Severity: '1' })).toEqual(['Why', 'Severity', 'Pager', 'Cost centre'])
  // An answer that belonged to a field that is hidden again shows nothing more.
  expect(await shown({ Why: 'Audit', Severity: '1' })).toEqual(['Why', 'Cost centre'])
})

test('what would be refused is said with pointers into the body, and nothing is asked or recorded', async () => {
  const webhook = await makeWebhook(service, 'request_validation', receiver.url)
  const app = await makeApp(service, {
    intake_fields: fields,
    access_lengths_seconds: [3_600],
    request_for_others: false,
    webhooks: { request_validation: webhook.id },
  })
  const asker = await makeUser(service)
  const other = await makeUser(service)
  const { errors } = await call<RequestCheckRead>(service, 'POST', `/catalogue/${app.id}/check`, {
    requester_id: asker.id,
    target_user_id: other.id,
    permission_ids: ['perm_00000000000000000000000000000000'],
    access_length_seconds: 60,
    custom_fields: { Why: 'Holiday' },
  })
  expect(errors.map(({ pointer }) => pointer)).toEqual([
    '/target_user_id',
    '/permission_ids/0',
    '/access_length_seconds',
    '/custom_fields/Why',
  ])
  const checked = await call<RequestCheckRead>(service, 'POST', `/catalogue/${app.id}/check`, {
    requester_id: asker.id,
    permission_ids: [app.permissions[0]?.id],
    access_length_seconds: 3_600,
    custom_fields: { Why: 'Audit', 'Cost centre': '12' },
  })
  expect(checked.errors).toEqual([{ pointer: '/custom_fields/Cost centre', detail: 'Begins with CC-' }])
  expect(receiver.received).toEqual([])
  const { data } = await call<{ data: unknown[] }>(service, 'GET', `/access-requests?app_id=${app.id}`)
  expect(data).toEqual([])
})

test('an app that a person may not ask for is not there for them, and nobody asks as somebody else', async () => {
  const one = await makePerson(service, 'check-one@example.com')
  const two = await makePerson(service, 'check-two@example.com')
  const app = await makeApp(service, { visible_to: [one.id], intake_fields: fields })
  const path = `/catalogue/${app.id}/check`
  expect((await service.api('POST', path, {}, one.as)).status).toBe(200)
  expect((await service.api('POST', path, {}, two.as)).status).toBe(404)
  expect((await service.api('POST', path, { requester_id: one.id }, two.as)).status).toBe(422)
  expect((await service.api('POST', path, {})).status).toBe(422)
  expect((await service.api('POST', path, { more: 1 }, one.as)).status).toBe(422)
})
