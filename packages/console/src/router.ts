import { createRouter } from '@tanstack/react-router'
import { isUnauthenticated } from './api-error.ts'
import { NotFound } from './components/not-found.tsx'
import { PageError } from './components/page-error.tsx'
import { urlOf } from './http.ts'
import { pb } from './path-builder.ts'
import { queryClient } from './query.ts'
import { routeTree } from './routes.tsx'
import { PageSkeleton } from './ui/skeletons.tsx'

export const consoleRouter = createRouter({
  routeTree,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFound,
  defaultPendingComponent: PageSkeleton,
  defaultPendingMs: 300,
  scrollRestoration: true,
  // Every parameter is text, so that an address reads `?test=true` and not `?test=%22true%22`.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => urlOf('', search),
})

/** Goes to sign-in when the session has ended while a page was open, and comes back afterwards. */
function signInAgain(error: unknown): void {
  const { pathname, href } = consoleRouter.state.location
  if (!isUnauthenticated(error) || pathname === pb.signIn()) return
  void consoleRouter.navigate({ to: pb.signIn(), search: { to: href }, ignoreBlocker: true })
}

queryClient.getQueryCache().config.onError = signInAgain
queryClient.getMutationCache().config.onError = signInAgain

// A new page is read from its top, by eyes and by screen readers alike.
consoleRouter.subscribe('onResolved', ({ pathChanged, fromLocation }) => {
  if (pathChanged && fromLocation) document.getElementById('main')?.focus({ preventScroll: true })
})
