import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { logApi } from './log-api.ts'
import { noticeApi } from './notice-api.ts'
import { eventListOf, eventsSearch } from './pages/event-search.ts'
import { noticeListOf, noticesSearch } from './pages/notice-search.ts'
import { load } from './query.ts'

const channelPages = () => import('./pages/notice-channel.tsx')

/** The part of the site map that is about what happened and who was told: the activity log and notices. */
export function logRoutes(getParentRoute: () => AnyRoute) {
  return [
    createRoute({
      getParentRoute,
      path: '/events',
      validateSearch: eventsSearch,
      // Without `loaderDeps`: what was found before stays on the page while one types.
      loader: ({ location }) =>
        Promise.all([load(eventListOf(eventsSearch(location.search))), load(logApi.retentionView())]),
      component: lazyRouteComponent(() => import('./pages/events.tsx'), 'EventsPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/events/$id',
      loader: ({ params: { id } }) => load(logApi.eventView(id)),
      component: lazyRouteComponent(() => import('./pages/event.tsx'), 'EventPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/notices',
      validateSearch: noticesSearch,
      loader: ({ location }) =>
        Promise.all([
          load(noticeListOf(noticesSearch(location.search))),
          load(noticeApi.channelList()),
          load(noticeApi.templateList()),
        ]),
      component: lazyRouteComponent(() => import('./pages/notices.tsx'), 'NoticesPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/notices/channels/new',
      component: lazyRouteComponent(channelPages, 'NoticeChannelNewPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/notices/channels/$id',
      loader: ({ params: { id } }) => load(noticeApi.channelView(id)),
      component: lazyRouteComponent(channelPages, 'NoticeChannelPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/notices/templates/$kind',
      loader: ({ params: { kind } }) =>
        Promise.all([load(noticeApi.templateList()), load(noticeApi.templatePreview(kind))]),
      component: lazyRouteComponent(() => import('./pages/notice-template.tsx'), 'NoticeTemplatePage'),
    }),
  ]
}
