import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { accessRoutes } from './access-routes.tsx'
import { api } from './api.ts'
import { isUnauthenticated } from './api-error.ts'
import { appRoutes } from './app-routes.tsx'
import { NotFound } from './components/not-found.tsx'
import { Shell } from './components/shell.tsx'
import { StartError } from './components/start-error.tsx'
import { directoryRoutes } from './directory-routes.tsx'
import { lifecycleRoutes } from './lifecycle-routes.tsx'
import { logRoutes } from './log-routes.tsx'
import { deliveryListOf, deliverySearch } from './pages/delivery-search.ts'
import { newWebhookSearch } from './pages/new-webhook-search.ts'
import { webhookSearch } from './pages/webhook-search.ts'
import { webhookTabSearch } from './pages/webhook-tab.ts'
import { pb } from './path-builder.ts'
import { load } from './query.ts'

/** The whole site map. Paths are those of path-builder.ts; a test compares the two. */
const root = createRootRoute({ component: Outlet })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  loader: () => load(api.setupView()),
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx'), 'SignInPage'),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  loader: () => load(api.setupView()),
  component: lazyRouteComponent(() => import('./pages/setup.tsx'), 'SetupPage'),
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/invitation.tsx'), 'InvitationPage'),
})

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ location }) => {
    try {
      await Promise.all([load(api.me()), load(api.serverView())])
    } catch (error) {
      if (isUnauthenticated(error)) throw redirect({ to: pb.signIn(), search: { to: location.href } })
      throw error
    }
  },
  component: Shell,
  errorComponent: StartError,
})

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: async () => {
    const { role } = (await load(api.me())).value
    throw redirect({ to: role === 'admin' ? pb.webhooks() : pb.catalogue() })
  },
})

const webhooks = createRoute({
  getParentRoute: () => shell,
  path: '/webhooks',
  validateSearch: webhookSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => load(api.webhookList(deps)),
  component: lazyRouteComponent(() => import('./pages/webhooks.tsx'), 'WebhooksPage'),
})

const webhookNew = createRoute({
  getParentRoute: () => shell,
  path: '/webhooks/new',
  validateSearch: newWebhookSearch,
  loaderDeps: ({ search }) => ({ from: search.from }),
  loader: ({ deps }) => (deps.from ? load(api.webhookView(deps.from)) : null),
  component: lazyRouteComponent(() => import('./pages/webhook-new.tsx'), 'WebhookNewPage'),
})

const webhook = createRoute({
  getParentRoute: () => shell,
  path: '/webhooks/$id',
  validateSearch: webhookTabSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) =>
    Promise.all([
      load(api.webhookView(params.id)),
      load(api.webhookStats(params.id, deps.window ?? 'day')),
      load(api.deliveryList({ webhook_id: params.id, limit: 25 })),
    ]),
  component: lazyRouteComponent(() => import('./pages/webhook.tsx'), 'WebhookPage'),
})

const webhookEdit = createRoute({
  getParentRoute: () => shell,
  path: '/webhooks/$id/edit',
  loader: ({ params }) => load(api.webhookView(params.id)),
  component: lazyRouteComponent(() => import('./pages/webhook-edit.tsx'), 'WebhookEditPage'),
})

const deliveries = createRoute({
  getParentRoute: () => shell,
  path: '/deliveries',
  validateSearch: deliverySearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => Promise.all([load(deliveryListOf(deps)), load(api.webhookList({ limit: 200 }))]),
  component: lazyRouteComponent(() => import('./pages/deliveries.tsx'), 'DeliveriesPage'),
})

const delivery = createRoute({
  getParentRoute: () => shell,
  path: '/deliveries/$id',
  loader: ({ params }) => load(api.deliveryView(params.id)),
  component: lazyRouteComponent(() => import('./pages/delivery.tsx'), 'DeliveryPage'),
})

const apiKeys = createRoute({
  getParentRoute: () => shell,
  path: '/api-keys',
  loader: () => load(api.apiKeyList({ limit: 200 })),
  component: lazyRouteComponent(() => import('./pages/api-keys.tsx'), 'ApiKeysPage'),
})

const sandbox = createRoute({
  getParentRoute: () => shell,
  path: '/sandbox',
  loader: () => load(api.sandboxView()),
  component: lazyRouteComponent(() => import('./pages/sandbox.tsx'), 'SandboxPage'),
})

/** Every other address, so that what is not found is said inside the console. */
const elsewhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound })

export const routeTree = root.addChildren([
  signIn,
  setup,
  invitation,
  shell.addChildren([
    home,
    ...accessRoutes(() => shell),
    webhooks,
    webhookNew,
    webhook,
    webhookEdit,
    deliveries,
    delivery,
    apiKeys,
    sandbox,
    ...appRoutes(() => shell),
    ...directoryRoutes(() => shell),
    ...lifecycleRoutes(() => shell),
    ...logRoutes(() => shell),
    elsewhere,
  ]),
])
