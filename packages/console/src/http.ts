import { errorOf, UnreachableError } from './api-error.ts'
import { setReachable } from './reachability.ts'

export type Search = Readonly<Record<string, string | number | undefined>>

export type Call = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly search?: Search
  readonly body?: unknown
  /** In the place of `body`: a file, as it is. */
  readonly csv?: Blob
  readonly ifMatch?: string | undefined
  /** Seconds that the answer may wait for something to come to rest (`Prefer: wait`). */
  readonly wait?: number
  readonly signal?: AbortSignal | undefined
}

/** `/path?name=value` without the members of `search` that are undefined or empty. */
export function urlOf(path: string, search: Search = {}): string {
  const entries = Object.entries(search).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries)}`
}

async function answerTo(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    setReachable(false)
    throw new UnreachableError()
  }
}

/**
 * One call to the server: the JSON of its answer and its `ETag`.
 * Throws `ApiError` when the server refuses, `UnreachableError` when it does not answer.
 */
export async function call<Body>(
  path: string,
  options: Call = {},
): Promise<{ body: Body; etag: string | null }> {
  const { method = 'GET', search, body, csv, ifMatch, wait, signal } = options
  const headers = new Headers({ accept: 'application/json' })
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (csv !== undefined) headers.set('content-type', 'text/csv')
  if (ifMatch !== undefined) headers.set('if-match', ifMatch)
  if (wait !== undefined) headers.set('prefer', `wait=${wait}`)
  const response = await answerTo(urlOf(path, search), {
    method,
    headers,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(csv === undefined ? {} : { body: csv }),
    ...(signal ? { signal } : {}),
  })
  if (!response.ok) {
    const error = await errorOf(response)
    setReachable(!(error instanceof UnreachableError))
    throw error
  }
  setReachable(true)
  const text = await response.text()
  return { body: (text === '' ? undefined : JSON.parse(text)) as Body, etag: response.headers.get('etag') }
}
