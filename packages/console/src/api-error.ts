import type { Problem } from '@keyhook/contract/api/problem.ts'

/** The server answered, and the answer is an RFC 9457 problem. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail || problem.title)
    this.problem = problem
  }

  get status(): number {
    return this.problem.status
  }
}

/** No answer came from the server, or one that cannot be from it. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'

  constructor() {
    super('The Keyhook server cannot be reached. What you entered is still here; try again when it is back.')
  }
}

/** Builds the problem for an error answer that is not `problem+json`, such as one of a proxy. */
function plainProblem(status: number, body: unknown): Problem {
  const message =
    typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string'
      ? body.message
      : `The server answered ${status}.`
  return {
    type: 'about:blank',
    title: message,
    status,
    detail: message,
    code: 'unknown',
    errors: [],
    trace_id: '',
  }
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    'errors' in body &&
    Array.isArray(body.errors)
  )
}

/** Reads an answer with an error status into the error to throw. */
export async function errorOf(response: Response): Promise<ApiError | UnreachableError> {
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  // A gateway in front of a stopped server answers 5xx with a page of its own.
  if (!isJson && response.status >= 500) return new UnreachableError()
  const body: unknown = isJson ? await response.json().catch(() => null) : null
  return new ApiError(isProblem(body) ? body : plainProblem(response.status, body))
}

export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

/** An error as one sentence for people. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof UnreachableError) return error.message
  return 'Something went wrong in the console. Reload the page and try again.'
}
