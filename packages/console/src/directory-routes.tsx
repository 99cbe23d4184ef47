import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { userGrantsOf, userRequestsOf } from './components/user-access.tsx'
import { directoryApi } from './directory-api.ts'
import {
  groupListOf,
  groupSearch,
  groupsSearch,
  memberListOf,
  userListOf,
  usersSearch,
} from './pages/user-search.ts'
import { load } from './query.ts'

const userForms = () => import('./pages/user-edit.tsx')
const groupForms = () => import('./pages/group-edit.tsx')

/** The part of the site map that is about users and groups. */
export function directoryRoutes(getParentRoute: () => AnyRoute) {
  return [
    createRoute({
      getParentRoute,
      path: '/users',
      validateSearch: usersSearch,
      // Without `loaderDeps`: what was found before stays on the page while one types.
      loader: ({ location }) => load(userListOf(usersSearch(location.search))),
      component: lazyRouteComponent(() => import('./pages/users.tsx'), 'UsersPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/users/new',
      component: lazyRouteComponent(userForms, 'UserNewPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/users/import',
      component: lazyRouteComponent(() => import('./pages/user-import.tsx'), 'UserImportPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/users/$id',
      loader: ({ params: { id } }) =>
        Promise.all([load(directoryApi.userView(id)), load(userGrantsOf(id)), load(userRequestsOf(id))]),
      component: lazyRouteComponent(() => import('./pages/user.tsx'), 'UserPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/users/$id/edit',
      loader: ({ params: { id } }) => load(directoryApi.userView(id)),
      component: lazyRouteComponent(userForms, 'UserEditPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/groups',
      validateSearch: groupsSearch,
      loader: ({ location }) => load(groupListOf(groupsSearch(location.search))),
      component: lazyRouteComponent(() => import('./pages/groups.tsx'), 'GroupsPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/groups/new',
      component: lazyRouteComponent(groupForms, 'GroupNewPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/groups/$id',
      validateSearch: groupSearch,
      loaderDeps: ({ search }) => search,
      loader: ({ params: { id }, deps }) =>
        Promise.all([load(directoryApi.groupView(id)), load(memberListOf(id, deps))]),
      component: lazyRouteComponent(() => import('./pages/group.tsx'), 'GroupPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/groups/$id/edit',
      loader: ({ params: { id } }) => load(directoryApi.groupView(id)),
      component: lazyRouteComponent(groupForms, 'GroupEditPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/scim-tokens',
      loader: () => load(directoryApi.scimTokenList()),
      component: lazyRouteComponent(() => import('./pages/scim-tokens.tsx'), 'ScimTokensPage'),
    }),
  ]
}
