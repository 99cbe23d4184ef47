import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { accessApi } from './access-api.ts'
import { accountApi } from './account-api.ts'
import { isAbort, isNotFound } from './api-error.ts'
import { checkBodyOf, isConditional, startValues } from './forms/request-values.ts'
import { requestCheck } from './forms/use-request-check.ts'
import { catalogueListOf, catalogueSearch } from './pages/catalogue-search.ts'
import { filterApps, grantListOf, grantSearch } from './pages/grant-search.ts'
import { inboxLists, inboxSearch } from './pages/inbox-search.ts'
import { currentGrants, endedGrants, myAccessSearch } from './pages/my-access-search.ts'
import { myRequestsOf, myRequestsSearch } from './pages/my-requests-search.ts'
import { requestNewSearch } from './pages/request-new-search.ts'
import { requestListOf, requestsSearch } from './pages/requests-search.ts'
import { load, queryClient } from './query.ts'

/** What the form of a request needs, so that nothing moves once it is there. */
async function loadRequestForm(id: string, again: string | undefined) {
  const [{ value: entry }, before] = await Promise.all([
    load(accessApi.catalogueView(id)),
    // A request that is not there any more fills in nothing.
    again === undefined ? null : load(accessApi.requestView(again)).catch(nothingIfGone),
  ])
  if (!isConditional(entry.intake_fields)) return
  const body = checkBodyOf(startValues(entry, before?.value ?? null))
  await queryClient.ensureQueryData(requestCheck(id, body))
}

function nothingIfGone(error: unknown): null {
  if (isNotFound(error) || isAbort(error)) return null
  throw error
}

/** The pages for employees, approvers and those who answer for apps, inside the frame of the console. */
export function accessRoutes(getParentRoute: () => AnyRoute) {
  const catalogue = createRoute({
    getParentRoute,
    path: '/catalogue',
    validateSearch: catalogueSearch,
    // Not by its search: the list changes while one types, and the page stays (useSteadyRead).
    loader: ({ location }) => load(catalogueListOf(catalogueSearch(location.search))),
    component: lazyRouteComponent(() => import('./pages/catalogue.tsx'), 'CataloguePage'),
  })

  const requestNew = createRoute({
    getParentRoute,
    path: '/catalogue/$id',
    validateSearch: requestNewSearch,
    // Not by its search, which a refusal changes under the form that is being filled in.
    loader: ({ params, location }) => loadRequestForm(params.id, requestNewSearch(location.search).again),
    component: lazyRouteComponent(() => import('./pages/request-new.tsx'), 'RequestNewPage'),
  })

  const myAccess = createRoute({
    getParentRoute,
    path: '/my-access',
    validateSearch: myAccessSearch,
    loaderDeps: ({ search }) => search,
    loader: ({ deps }) =>
      Promise.all(deps.show === 'ended' ? [load(endedGrants(deps.cursor))] : currentGrants.map(load)),
    component: lazyRouteComponent(() => import('./pages/my-access.tsx'), 'MyAccessPage'),
  })

  const myRequests = createRoute({
    getParentRoute,
    path: '/my-requests',
    validateSearch: myRequestsSearch,
    loaderDeps: ({ search }) => search,
    loader: ({ deps }) => load(myRequestsOf(deps)),
    component: lazyRouteComponent(() => import('./pages/my-requests.tsx'), 'MyRequestsPage'),
  })

  const inbox = createRoute({
    getParentRoute,
    path: '/inbox',
    validateSearch: inboxSearch,
    loaderDeps: ({ search }) => search,
    loader: ({ deps }) => Promise.all(inboxLists(deps).map(load)),
    component: lazyRouteComponent(() => import('./pages/inbox.tsx'), 'InboxPage'),
  })

  const task = createRoute({
    getParentRoute,
    path: '/tasks/$id',
    loader: ({ params }) => load(accessApi.taskView(params.id)),
    component: lazyRouteComponent(() => import('./pages/task.tsx'), 'TaskPage'),
  })

  const requests = createRoute({
    getParentRoute,
    path: '/requests',
    validateSearch: requestsSearch,
    loaderDeps: ({ search }) => search,
    loader: ({ deps }) => Promise.all([load(requestListOf(deps)), load(filterApps)]),
    component: lazyRouteComponent(() => import('./pages/requests.tsx'), 'RequestsPage'),
  })

  const request = createRoute({
    getParentRoute,
    path: '/requests/$id',
    loader: ({ params }) => load(accessApi.requestView(params.id)),
    component: lazyRouteComponent(() => import('./pages/request.tsx'), 'RequestPage'),
  })

  const grants = createRoute({
    getParentRoute,
    path: '/grants',
    validateSearch: grantSearch,
    loaderDeps: ({ search }) => search,
    loader: ({ deps }) => Promise.all([load(grantListOf(deps)), load(filterApps)]),
    component: lazyRouteComponent(() => import('./pages/grants.tsx'), 'GrantsPage'),
  })

  const account = createRoute({
    getParentRoute,
    path: '/account',
    loader: () => load(accountApi.noticePreferences()),
    component: lazyRouteComponent(() => import('./pages/account.tsx'), 'AccountPage'),
  })

  return [catalogue, requestNew, myAccess, myRequests, inbox, task, requests, request, grants, account]
}
