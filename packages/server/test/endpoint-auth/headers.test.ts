/** Endpoint authentication that is a header or none, as it arrives at a receiver. */
import { afterAll, expect, it, test } from 'vitest'
import { createEgress } from '../../src/egress/egress.ts'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import type { Authentication } from '../../src/endpoint-auth/authentication.ts'
import { createEndpointAuth } from '../../src/endpoint-auth/endpoint-auth.ts'
import { startReceiver } from '../support/receiver.ts'

const receiver = await startReceiver()
const egress = createEgress({ allowHttp: true, allow: parseEgressAllow('127.0.0.0/8') })
const auth = createEndpointAuth(egress, Date.now)
afterAll(async () => {
  await egress.close()
  await receiver.close()
})

async function arrived(authentication: Authentication) {
  const body = Buffer.from('{}')
  const authorized = await auth.authorize(authentication, { url: receiver.url, body, timeLimitMs: 5000 })
  if (!authorized.ok) throw new Error(authorized.detail)
  await egress.exchange({ url: receiver.url, headers: authorized.headers, body, timeLimitMs: 5000 })
  return { headers: receiver.received.at(-1)?.headers ?? {}, authorized }
}

test.each<[Authentication, name: string, value: string]>([
  [{ type: 'header', name: 'X-Api-Key', value: 'abc def' }, 'x-api-key', 'abc def'],
  [
    { type: 'basic', username: 'Aladdin', password: 'open sesame' },
    'authorization',
    'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
  ],
  // RFC 7617, section 2.1: UTF-8.
  [{ type: 'basic', username: 'test', password: '123£' }, 'authorization', 'Basic dGVzdDoxMjPCow=='],
  [{ type: 'bearer', token: 'mF_9.B5f-4.1JqM' }, 'authorization', 'Bearer mF_9.B5f-4.1JqM'],
])('%o', async (authentication, name, value) => {
  const { headers, authorized } = await arrived(authentication)
  expect(headers[name]).toBe(value)
  expect(authorized.secretValues).toEqual([value])
  expect(authorized.renew).toBeUndefined()
})

it('none adds nothing', async () => {
  const { headers, authorized } = await arrived({ type: 'none' })
  expect(headers.authorization).toBeUndefined()
  expect(authorized).toEqual({ ok: true, headers: [], secretValues: [] })
})
