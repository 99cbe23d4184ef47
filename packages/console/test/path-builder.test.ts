import { createMemoryHistory, createRouter } from '@tanstack/react-router'
import { expect, test } from 'vitest'
import { pb } from '../src/path-builder.ts'
import { routeTree } from '../src/routes.tsx'

const siteMap = Object.fromEntries(Object.entries(pb).map(([name, path]) => [name, path('some-id')]))

/** The route pattern that the router finds for a path, for instance `/webhooks/$id`. */
function patternOf(path: string): string | undefined {
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [path] }) })
  const [, , route] = router.getMatchedRoutes(path)
  return route?.fullPath
}

test('The site map', () => {
  expect(siteMap).toMatchInlineSnapshot(`
    {
      "apiKeys": "/api-keys",
      "deliveries": "/deliveries",
      "delivery": "/deliveries/some-id",
      "home": "/",
      "sandbox": "/sandbox",
      "setup": "/setup",
      "signIn": "/sign-in",
      "webhook": "/webhooks/some-id",
      "webhookEdit": "/webhooks/some-id/edit",
      "webhookNew": "/webhooks/new",
      "webhooks": "/webhooks",
    }
  `)
})

test('Every path that can be built leads to a route of its own', () => {
  const patterns = Object.values(siteMap).map(patternOf)
  expect(patterns).toMatchInlineSnapshot(`
    [
      "/sign-in",
      "/setup",
      "/",
      "/webhooks",
      "/webhooks/new",
      "/webhooks/$id",
      "/webhooks/$id/edit",
      "/deliveries",
      "/deliveries/$id",
      "/api-keys",
      "/sandbox",
    ]
  `)
  expect(new Set(patterns).size).toBe(patterns.length)
})

test('An id with a slash stays one segment', () => {
  expect(pb.webhook('a/../b')).toBe('/webhooks/a%2F..%2Fb')
})
