import type { EventTypeRead } from '@keyhook/contract/api/event-type.ts'
import { catalogueTypes } from '@keyhook/contract/events/catalogue.ts'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect, test } from 'vitest'
import { system } from '../../src/events/event.ts'
import { appendEvents } from '../../src/events/event-store.ts'
import { serviceForTest, startTestService } from '../support/harness.ts'
import { makePerson } from '../support/person.ts'

test('the catalogue is read whole; schemas of metadata take their examples', async () => {
  const service = await serviceForTest()
  const { status, body } = await service.api<{ data: EventTypeRead[]; next_cursor: null }>(
    'GET',
    '/event-types',
  )
  expect(status).toBe(200)
  expect(body.data.map(({ type }) => type)).toEqual(catalogueTypes)
  expect(body.next_cursor).toBeNull()
  const ajv = new Ajv2020({ strict: false })
  formats.default(ajv)
  for (const { type, metadata_schema, example } of body.data) {
    const validate = ajv.compile(metadata_schema)
    expect(validate(example.event.event_metadata), `${type}: ${ajv.errorsText(validate.errors)}`).toBe(true)
  }
  expect(body.data.find(({ type }) => type === 'ADMIN_CREATED_WEBHOOK')).toMatchObject({
    words: 'Webhook created',
    group: 'webhooks',
    group_words: 'Webhooks',
    when: 'A webhook is made.',
  })
  const person = await makePerson(service, 'ada@example.com')
  expect((await service.api('GET', '/event-types', undefined, person.as)).status).toBe(404)
})

test('the server of a test does not stop in peace when it appended what the catalogue does not know', async () => {
  const service = await startTestService()
  const { ctx } = service
  await ctx.db
    .transaction()
    .execute((tx) =>
      appendEvents(tx, ctx.clock(), [
        { type: 'ADMIN_DISABLED_WEBHOOK', actor: system, metadata: { why: 'x' } },
      ]),
    )
  await expect(service.stop()).rejects.toThrow(
    'ADMIN_DISABLED_WEBHOOK: metadata/: There is no such member: why',
  )
})
