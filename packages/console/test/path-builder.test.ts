import { createMemoryHistory, createRouter } from '@tanstack/react-router'
import { expect, test } from 'vitest'
import { pb } from '../src/path-builder.ts'
import { routeTree } from '../src/routes.tsx'

const siteMap = Object.fromEntries(
  Object.entries(pb).map(([name, path]) => [name, path('some-id', 'other-id')]),
)

/** The route pattern that the router finds for a path, for instance `/webhooks/$id`. */
function patternOf(path: string): string | undefined {
  const router = createRouter({ routeTree, history: createMemoryHistory({ initialEntries: [path] }) })
  const [, , route] = router.getMatchedRoutes(path)
  return route?.fullPath
}

test('The site map', () => {
  expect(siteMap).toMatchInlineSnapshot(`
    {
      "account": "/account",
      "apiKeys": "/api-keys",
      "app": "/apps/some-id",
      "appEdit": "/apps/some-id/edit",
      "appNew": "/apps/new",
      "appSimulate": "/apps/some-id/simulate",
      "apps": "/apps",
      "catalogue": "/catalogue",
      "deliveries": "/deliveries",
      "delivery": "/deliveries/some-id",
      "event": "/events/some-id",
      "events": "/events",
      "grants": "/grants",
      "group": "/groups/some-id",
      "groupEdit": "/groups/some-id/edit",
      "groupNew": "/groups/new",
      "groups": "/groups",
      "home": "/",
      "inbox": "/inbox",
      "invitation": "/invitation",
      "lastUsed": "/last-used",
      "myAccess": "/my-access",
      "myRequests": "/my-requests",
      "noticeChannel": "/notices/channels/some-id",
      "noticeChannelNew": "/notices/channels/new",
      "noticeTemplate": "/notices/templates/some-id",
      "notices": "/notices",
      "offboarding": "/offboardings/some-id",
      "offboardings": "/offboardings",
      "permission": "/apps/some-id/permissions/other-id",
      "permissionNew": "/apps/some-id/permissions/new",
      "request": "/requests/some-id",
      "requestNew": "/catalogue/some-id",
      "requests": "/requests",
      "review": "/reviews/some-id",
      "reviewNew": "/reviews/new",
      "reviewReport": "/reviews/some-id/report",
      "reviews": "/reviews",
      "rule": "/apps/some-id/rules/other-id",
      "ruleNew": "/apps/some-id/rules/new",
      "sandbox": "/sandbox",
      "scimTokens": "/scim-tokens",
      "setup": "/setup",
      "signIn": "/sign-in",
      "task": "/tasks/some-id",
      "user": "/users/some-id",
      "userEdit": "/users/some-id/edit",
      "userImport": "/users/import",
      "userNew": "/users/new",
      "users": "/users",
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
      "/catalogue",
      "/catalogue/$id",
      "/my-access",
      "/my-requests",
      "/inbox",
      "/tasks/$id",
      "/requests",
      "/requests/$id",
      "/grants",
      "/invitation",
      "/account",
      "/apps",
      "/apps/new",
      "/apps/$id",
      "/apps/$id/edit",
      "/apps/$id/simulate",
      "/apps/$id/permissions/new",
      "/apps/$id/permissions/$permissionId",
      "/apps/$id/rules/new",
      "/apps/$id/rules/$ruleId",
      "/users",
      "/users/new",
      "/users/import",
      "/users/$id",
      "/users/$id/edit",
      "/groups",
      "/groups/new",
      "/groups/$id",
      "/groups/$id/edit",
      "/scim-tokens",
      "/reviews",
      "/reviews/new",
      "/reviews/$id",
      "/reviews/$id/report",
      "/offboardings",
      "/offboardings/$id",
      "/last-used",
      "/events",
      "/events/$id",
      "/notices",
      "/notices/channels/new",
      "/notices/channels/$id",
      "/notices/templates/$kind",
    ]
  `)
  expect(new Set(patterns).size).toBe(patterns.length)
})

test('An id with a slash stays one segment', () => {
  expect(pb.webhook('a/../b')).toBe('/webhooks/a%2F..%2Fb')
})
