import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { settingDefaults } from '@keyhook/contract/setting-limits.ts'
import { expect, test } from 'vitest'
import {
  changeOf,
  copiedWebhookValues,
  draftOf,
  originOf,
  savedWebhookValues,
} from '../src/forms/webhook-values.ts'

const saved: WebhookRead = {
  id: 'wh_1',
  type: 'provisioning',
  name: 'Make accounts',
  description: null,
  endpoint_url: 'https://hooks.example.com/a',
  headers: [{ name: 'x-api-key', is_set: true }],
  time_limit_ms: 20_000,
  enabled: true,
  authentication: { type: 'none' },
  client_certificate: null,
  ...settingDefaults,
  signing: { public_key: null, rotating_until: null },
  circuit: { state: 'closed', since: null, reason: null, next_probe_at: null },
  recent_deliveries: [],
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
}

// An inline webhook has no stream, and says nothing about it.
const { stream: _stream, ...inlineDefaults } = settingDefaults

test('An untouched edit keeps the stored header values', () => {
  expect(changeOf('provisioning', savedWebhookValues(saved))).toEqual({
    name: 'Make accounts',
    description: null,
    endpoint_url: 'https://hooks.example.com/a',
    headers: [{ name: 'x-api-key' }],
    time_limit_ms: 20_000,
    ...inlineDefaults,
    authentication: { type: 'none' },
    client_certificate: null,
  })
})

test('A replaced header value is sent, also an empty one', () => {
  const values = savedWebhookValues(saved)
  const rows = (change: object) => values.headers.map((row) => ({ ...row, ...change }))
  expect(
    changeOf('provisioning', { ...values, headers: rows({ replacing: true, value: 'new' }) }).headers,
  ).toEqual([{ name: 'x-api-key', value: 'new' }])
  expect(changeOf('provisioning', { ...values, headers: rows({ replacing: true }) }).headers).toEqual([
    { name: 'x-api-key', value: '' },
  ])
})

test('An empty time limit is the default: cleared in a change, absent in a draft', () => {
  const values = { ...savedWebhookValues(saved), time_limit_seconds: '' as const }
  expect(changeOf('provisioning', values).time_limit_ms).toBeNull()
  expect(draftOf('provisioning', values)).not.toHaveProperty('time_limit_ms')
})

test('A copy asks for every header value again', () => {
  const copy = copiedWebhookValues(saved, 'whsec_x')
  expect(draftOf('provisioning', copy).headers).toEqual([{ name: 'x-api-key', value: '' }])
  expect(copy.name).toBe('Make accounts (copy)')
})

test('The origin is scheme, host and port', () => {
  expect(originOf(' https://a.example:443/x?y ')).toBe(originOf('https://a.example/other'))
  expect(originOf('https://a.example')).not.toBe(originOf('http://a.example'))
  expect(originOf('not an address')).toBeNull()
})
