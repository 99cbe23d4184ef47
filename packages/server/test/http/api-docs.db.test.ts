/** The browsable API reference comes from this server alone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const get = (path: string) => fetch(new URL(path, service.url))
const page = async () => {
  const answer = await get('/api/docs')
  return { answer, html: await answer.text() }
}
/** What a page makes the browser load. */
const loadedBy = (html: string) =>
  [...html.matchAll(/<(?:script|link|img|iframe|source)\b[^>]*?\s(?:src|href)="([^"]+)"/g)].map(
    ([, url]) => url ?? '',
  )

describe('/api/docs', () => {
  test('is a page that needs no sign-in', async () => {
    const { answer, html } = await page()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(html).toContain('<title>Keyhook API</title>')
  })

  test('loads what it needs from this server, and it is there', async () => {
    const { html } = await page()
    const loaded = loadedBy(html)
    expect(loaded.length).toBeGreaterThan(4)
    for (const path of loaded) {
      expect(new URL(path, `${service.url}/api/docs`).origin).toBe(new URL(service.url).origin)
      const answer = await get(path)
      expect(answer.status, path).toBe(200)
      await answer.arrayBuffer()
    }
  })

  test('its style sheets name no outside host', async () => {
    const { html } = await page()
    const sheets = loadedBy(html).filter((path) => path.endsWith('.css'))
    expect(sheets.length).toBeGreaterThan(0)
    for (const path of sheets) {
      const css = await (await get(path)).text()
      const urls = [...css.matchAll(/(?:@import\s*|url\()\s*["']?([^"')\s]+)/g)].map(([, url]) => url ?? '')
      for (const url of urls) expect(url).toMatch(/^(?:data:|[^/:]+$)/)
    }
  })

  test('reads the document of this server, and asks no validator elsewhere', async () => {
    const script = await (await get('/api/docs/static/swagger-initializer.js')).text()
    expect(script).toContain("resolveUrl('./json')")
    expect(script).toContain('validatorUrl: null')
    expect(script).not.toMatch(/https?:\/\/(?!stackoverflow\.com\/a\/)/)
    const own = await (await get('/api/docs/json')).json()
    expect(own).toEqual(await (await get('/api/openapi.json')).json())
  })

  test('the browser is told to load nothing from elsewhere, whatever the scripts say', async () => {
    const { answer } = await page()
    const policy = answer.headers.get('content-security-policy') ?? ''
    const directives = new Map(
      policy.split(';').map((directive) => {
        const [name = '', ...sources] = directive.trim().split(/\s+/)
        return [name, sources]
      }),
    )
    expect(directives.get('default-src')).toEqual(["'self'"])
    expect(directives.get('script-src')).toEqual(["'self'"])
    expect(directives.get('connect-src')).toEqual(["'self'"])
    const allowed = ["'self'", "'none'", "'unsafe-inline'", 'data:']
    for (const sources of directives.values()) {
      for (const source of sources) expect(allowed).toContain(source)
    }
  })

  test('no answer may be framed, sniffed or kept with its address', async () => {
    for (const path of ['/api/docs', '/api/openapi.json', '/api/v1/me', '/healthz', '/']) {
      const { headers } = await get(path)
      expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('same-origin')
      expect(headers.get('x-powered-by')).toBeNull()
    }
  })
})
