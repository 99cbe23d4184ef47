import {
  keepPreviousData,
  QueryClient,
  queryOptions,
  useQuery,
  useSuspenseQuery,
} from '@tanstack/react-query'
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

/**
 * For lists that change while one types: what was there stays until the new answer is here, so that nothing jumps and no
 * field loses the focus. The first answer is fetched by the route's loader.
 */
export function useSteadyRead<Value>(what: Read<Value>): { value: Value | null; isLate: boolean } {
  const { data, error, isPlaceholderData } = useQuery({ ...query(what), placeholderData: keepPreviousData })
  if (error && data === undefined) throw error
  return { value: data?.value ?? null, isLate: isPlaceholderData }
}

/** For what is beside the page, such as a count: null until it is here, and when it cannot be had. */
export function useSideRead<Value>(
  what: Read<Value>,
  options: { refreshMs?: number; enabled?: boolean } = {},
) {
  const { refreshMs, enabled = true } = options
  const { data } = useQuery({ ...query(what), enabled, refetchInterval: refreshMs ?? false })
  return data?.value ?? null
}

/** As `useSideRead`, and what was there stays until the new answer is here. */
export function useSteadySideRead<Value>(what: Read<Value>): Value | null {
  return useQuery({ ...query(what), placeholderData: keepPreviousData }).data?.value ?? null
}

/** Reads everything at or under this path again, for instance `invalidate('/webhooks')` after a change. */
export function invalidate(path: string): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: ({ queryKey }) => typeof queryKey[0] === 'string' && queryKey[0].startsWith(path),
  })
}
