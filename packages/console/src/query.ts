import { QueryClient, queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { fetchRead, type Read } from './api.ts'
import { isAbort, UnreachableError } from './api-error.ts'

/** Query options of a read; the key is its address. */
export function query<Value>(what: Read<Value>) {
  return queryOptions({
    queryKey: [what.path, what.search],
    queryFn: ({ signal }) => fetchRead(what, signal),
  })
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Only a server that is away is worth asking again by itself; a refusal stays a refusal.
      retry: (failures, error) => error instanceof UnreachableError && failures < 1 && !isAbort(error),
      retryDelay: 500,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

/** For loaders: what is needed before the page is shown. */
export function load<Value>(what: Read<Value>) {
  return queryClient.ensureQueryData(query(what))
}

/** For pages: the value that the route's loader fetched, kept current. */
export function useRead<Value>(what: Read<Value>, refreshMs?: number): Value {
  return useTaggedRead(what, refreshMs).value
}

/** As `useRead`, with the `ETag` that a change has to name. */
export function useTaggedRead<Value>(what: Read<Value>, refreshMs?: number) {
  return useSuspenseQuery({ ...query(what), ...(refreshMs ? { refetchInterval: refreshMs } : {}) }).data
}

/** Reads everything at or under this path again, for instance `invalidate('/webhooks')` after a change. */
export function invalidate(path: string): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) => typeof queryKey[0] === 'string' && queryKey[0].startsWith(path),
  })
}
