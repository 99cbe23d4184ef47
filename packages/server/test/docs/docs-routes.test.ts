import Fastify from 'fastify'
import { afterAll, describe, expect, test } from 'vitest'
import { docsRoutes, navigation } from '../../src/docs/docs-routes.ts'

const app = Fastify()
await app.register(docsRoutes)
const address = await app.listen({ host: '127.0.0.1', port: 0 })
afterAll(() => app.close())

async function get(path: string) {
  const answer = await fetch(`${address}${path}`, { redirect: 'manual' })
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
}

describe('a page', () => {
  test.each(navigation)('"%s" is served as HTML that loads nothing from elsewhere', async (name) => {
    const { status, type, text } = await get(`/docs/${name}`)
    expect([status, type]).toEqual([200, 'text/html; charset=utf-8'])
    expect(text).toMatch(/<h1>.+<\/h1>/)
    expect(text).not.toContain('<script')
    const loaded = [...text.matchAll(/(?:src|<link[^>]* href)="([^"]*)"/g)].map((match) => match[1])
    for (const source of loaded) expect(source).toMatch(/^\//)
    expect(text).not.toMatch(/@import|url\(/)
  })

  test('has the navigation, with itself marked, and its own table of contents', async () => {
    const { text } = await get('/docs/protocol')
    for (const name of navigation) expect(text).toContain(`href="/docs${name && `/${name}`}"`)
    expect(text.match(/aria-current="page"/g)).toHaveLength(1)
    expect(text).toContain('<a href="/docs/protocol" aria-current="page">Receiver guide</a>')
    expect(text).toMatch(/aria-label="On this page"[\s\S]*href="#missing_response"/)
  })

  test.each([
    ['/docs/protocol', 'missing_response'],
    ['/docs/errors', 'not_found'],
  ])('%s#%s leads to its section', async (page, anchor) => {
    expect((await get(page)).text).toMatch(new RegExp(`<h3 id="${anchor}">`))
  })

  test.each(['/docs', '/docs/', '/docs/README', '/docs/README.md'])('%s is the first page', async (path) => {
    const { status, text } = await get(path)
    expect([status, /<h1>(.*)<\/h1>/.exec(text)?.[1]]).toEqual([200, 'Documentation'])
  })

  test('a decision record is served, with the navigation', async () => {
    const { status, text } = await get('/docs/decisions/0003-try-it-profile')
    expect(status).toBe(200)
    expect(text).toContain('href="/docs/protocol"')
  })
})

test.each([
  '/docs/nothing',
  '/docs/..%2f..%2fpackage.json',
  '/docs/%2e%2e/%2e%2e/package',
  '/docs/..%5c..%5cpackage.json',
  '/docs/decisions',
  '/docs/images/../../package.json',
  '/docs/images/nothing.png',
  '/docs/__proto__',
  '/docs/%00',
])('%s is not found', async (path) => {
  const { status, text } = await get(path)
  expect(status).toBe(404)
  expect(text).not.toContain('keyhook-workspace')
})
