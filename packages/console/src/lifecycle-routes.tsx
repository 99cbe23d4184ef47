import { type AnyRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { lifecycleApi } from './lifecycle-api.ts'
import { offboardingListOf, offboardingsSearch } from './pages/offboarding-search.ts'
import {
  type ReviewSearch,
  reviewItemsOf,
  reviewListOf,
  reviewSearch,
  reviewsSearch,
} from './pages/review-search.ts'
import { load, queryClient } from './query.ts'
import { reviewReport } from './review-report.ts'

/** A review, and of its items those that the page begins with. */
async function loadReview(id: string, search: ReviewSearch): Promise<void> {
  const { value: review } = await load(lifecycleApi.reviewView(id))
  await load(reviewItemsOf(id, search, review.mine))
}

/** The part of the site map that is about how access ends: reviews, offboarding, last use. */
export function lifecycleRoutes(getParentRoute: () => AnyRoute) {
  return [
    createRoute({
      getParentRoute,
      path: '/reviews',
      validateSearch: reviewsSearch,
      loaderDeps: ({ search }) => search,
      loader: ({ deps }) => load(reviewListOf(deps)),
      component: lazyRouteComponent(() => import('./pages/reviews.tsx'), 'ReviewsPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/reviews/new',
      component: lazyRouteComponent(() => import('./pages/review-new.tsx'), 'ReviewNewPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/reviews/$id',
      validateSearch: reviewSearch,
      // Without `loaderDeps`: the list stays while another filter is fetched.
      loader: ({ params: { id }, location }) => loadReview(id, reviewSearch(location.search)),
      component: lazyRouteComponent(() => import('./pages/review.tsx'), 'ReviewPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/reviews/$id/report',
      loader: ({ params: { id } }) =>
        Promise.all([load(lifecycleApi.reviewView(id)), queryClient.ensureQueryData(reviewReport(id))]),
      component: lazyRouteComponent(() => import('./pages/review-report.tsx'), 'ReviewReportPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/offboardings',
      validateSearch: offboardingsSearch,
      loaderDeps: ({ search }) => search,
      loader: ({ deps }) => load(offboardingListOf(deps)),
      component: lazyRouteComponent(() => import('./pages/offboardings.tsx'), 'OffboardingsPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/offboardings/$id',
      loader: ({ params: { id } }) => load(lifecycleApi.offboardingView(id)),
      component: lazyRouteComponent(() => import('./pages/offboarding.tsx'), 'OffboardingPage'),
    }),
    createRoute({
      getParentRoute,
      path: '/last-used',
      component: lazyRouteComponent(() => import('./pages/last-used.tsx'), 'LastUsedPage'),
    }),
  ]
}
