import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { startTestService, type TestService, testKey } from '../support/harness.ts'

type Answer = { status: number; body: string }

/** A GET with any Host header, which `fetch` does not allow. */
function get(port: number, path: string, host: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { host, authorization: `Bearer ${testKey}` }
    const sent = request({ host: '127.0.0.1', port, path, headers }, (answer) => {
      let body = ''
      answer.on('data', (chunk) => {
        body += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('in the try-it profile', () => {
  let service: TestService
  let port: number
  beforeAll(async () => {
    service = await startTestService()
    port = Number(new URL(service.url).port)
  })
  afterAll(() => service.stop())

  test.each([
    'evil.example',
    'evil.example:3000',
    '192.0.2.7',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '@',
  ])('nothing is answered to who asks for the host "%s" (DNS rebinding)', async (host) => {
    for (const path of [
      '/',
      '/api/v1/me',
      '/api/v1/setup',
      '/api/openapi.json',
      '/api/docs',
      '/docs',
      '/nothing',
    ]) {
      const refused = await get(port, path, host)
      expect(refused.status, path).toBe(421)
      expect(JSON.parse(refused.body)).toMatchObject({ code: 'misdirected_request' })
    }
  })

  test.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]', '127.0.0.2'])(
    'the host "%s" is answered, with any port',
    async (host) => {
      expect((await get(port, '/api/v1/me', host)).status).toBe(200)
      expect((await get(port, '/api/v1/me', `${host}:4000`)).status).toBe(200)
    },
  )
})

test('in the server profile the proxy in front decides on names', async () => {
  const port = await freePort()
  const service = await startTestService({
    PORT: String(port),
    KEYHOOK_BASE_URL: 'http://keyhook.example.com',
    KEYHOOK_ENCRYPTION_KEY: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  })
  try {
    expect((await get(port, '/api/v1/me', 'keyhook.example.com')).status).toBe(200)
    expect((await get(port, '/api/v1/me', 'inner-name:8080')).status).toBe(200)
  } finally {
    await service.stop()
  }
})
