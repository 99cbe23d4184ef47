import { expect, test } from 'vitest'
import { asTestPayload, parsePayload } from '../src/components/payload-text.ts'

test.each(['[]', '1', 'null', '"text"'])('%s is JSON but no payload', (text) => {
  expect(parsePayload(text).error).toMatch(/must be a JSON object/)
})

test('Broken JSON is said to be broken', () => {
  expect(parsePayload('{"a": }').error).toMatch(/^Not valid JSON/)
})

test('A payload that is sent again is marked as a test and gets an id and time of its own', () => {
  const sent = {
    test: false,
    delivery_id: 'dlv_1',
    sent_at: 'then',
    callback_url: 'https://k.example/c',
    webhook_type: 'provisioning',
    a: 1,
  }
  expect(asTestPayload(sent)).toEqual({ test: true, webhook_type: 'provisioning', a: 1 })
})
