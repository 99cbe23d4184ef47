import { expect, test } from 'vitest'
import type { Authentication } from '../../src/endpoint-auth/authentication.ts'
import { unsendableHeader, type WebhookTarget } from '../../src/webhooks/webhook.ts'

const target = (authentication: Authentication, name = 'x-key') =>
  ({ headers: [{ name, value: 's3cret' }], settings: { authentication } }) as unknown as WebhookTarget
const byHeader = (name: string): Authentication => ({ type: 'header', name, value: 's3cret' })

test.each(['webhook-id', 'Content-Encoding', 'proxy-authorization', 'a b'])(
  'the header %s is not sent, as a custom one or as that of the authentication',
  (name) => {
    for (const changed of [target({ type: 'none' }, name), target(byHeader(name))]) {
      expect(unsendableHeader(changed)).toMatch(/cannot be set|is not a header name/)
      expect(unsendableHeader(changed)).not.toContain('s3cret')
    }
  },
)

test('others are', () => {
  expect(unsendableHeader(target(byHeader('x-token')))).toBeNull()
  expect(unsendableHeader(target({ type: 'bearer', token: 's3cret' }))).toBeNull()
})
