import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { appApi } from './app-api.ts'
import { appListOf, appsSearch, appTabSearch } from './pages/app-search.ts'
import { load } from './query.ts'

const editPage = () => import('./pages/app-edit.tsx')
const permissionPages = () => import('./pages/permission.tsx')
const rulePages = () => import('./pages/rule.tsx')

/** The part of the site map that is about apps. */
export function appRoutes(getParentRoute: () => AnyRoute) {
  return [
    createRoute({
      getParentRoute,
      path: '/apps',
      validateSearch: appsSearch,
      // Without `loaderDeps`: what was found before stays on the page while one types.
      loader: ({ location }) => load(appListOf(appsSearch(location.search))),
      component: lazyRouteComponent(() => import('./pages/apps.tsx'), 'AppsPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/apps/new',
      component: lazyRouteComponent(() => import('./pages/app-new.tsx'), 'AppNewPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/apps/$id',
      validateSearch: appTabSearch,
      loader: ({ params: { id } }) =>
        Promise.all([
          load(appApi.appView(id)),
          load(appApi.appChain(id)),
          load(appApi.permissionList(id)),
          load(appApi.ruleList(id)),
        ]),
      component: lazyRouteComponent(() => import('./pages/app.tsx'), 'AppPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/apps/$id/edit',
      loader: ({ params: { id } }) => load(appApi.appView(id)),
      component: lazyRouteComponent(editPage, 'AppEditPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/apps/$id/simulate',
      loader: ({ params: { id } }) =>
        Promise.all([load(appApi.appView(id)), load(appApi.permissionList(id))]),
      component: lazyRouteComponent(() => import('./pages/simulate.tsx'), 'SimulatePage'),
    }),
    createRoute({
      getParentRoute,
      path: '/apps/$id/permissions/new',
      loader: ({ params: { id } }) => load(appApi.appView(id)),
      component: lazyRouteComponent(permissionPages, 'PermissionNewPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/apps/$id/permissions/$permissionId',
      loader: ({ params: { id, permissionId } }) =>
        Promise.all([load(appApi.appView(id)), load(appApi.permissionView(id, permissionId))]),
      component: lazyRouteComponent(permissionPages, 'PermissionPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/apps/$id/rules/new',
      loader: ({ params: { id } }) =>
        Promise.all([load(appApi.appView(id)), load(appApi.permissionList(id))]),
      component: lazyRouteComponent(rulePages, 'RuleNewPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/apps/$id/rules/$ruleId',
      loader: ({ params: { id, ruleId } }) =>
        Promise.all([
          load(appApi.appView(id)),
          load(appApi.permissionList(id)),
          load(appApi.ruleView(id, ruleId)),
        ]),
      component: lazyRouteComponent(rulePages, 'RulePage'),
    }),
  ]
}
