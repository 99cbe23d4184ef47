import { type Problem, type ProblemCode, problemCodes } from '@keyhook/contract/api/problem.ts'

/** One member of the request that is wrong: a JSON pointer (RFC 6901) and what would be right. */
export type MemberError = Problem['errors'][number]

/** An error that the caller is told, as an RFC 9457 problem. `detail` is for them; the cause goes to the log. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly code: ProblemCode
  readonly errors: readonly MemberError[]
  readonly headers: Readonly<Record<string, string>>
  readonly state: Problem['state']
  readonly accessRequestId: string | undefined

  constructor(
    code: ProblemCode,
    detail: string,
    more: {
      errors?: readonly MemberError[]
      headers?: Record<string, string>
      state?: Problem['state']
      accessRequestId?: string
      cause?: unknown
    } = {},
  ) {
    super(detail, { cause: more.cause })
    this.code = code
    this.errors = more.errors ?? []
    this.headers = more.headers ?? {}
    this.state = more.state
    this.accessRequestId = more.accessRequestId
  }

  get status(): number {
    return problemCodes[this.code].status
  }
}

/** 422 with one entry for each wrong member. */
export function validationFailed(errors: readonly MemberError[]): ProblemError {
  const first = errors[0]
  const detail =
    errors.length === 1 && first
      ? `${first.pointer || 'The body'}: ${first.detail}`
      : `${errors.length} members are not valid.`
  return new ProblemError('validation_failed', detail, { errors })
}

/** The same answer for what never existed, is gone, or may not be seen. */
export function notFound(noun: string): ProblemError {
  return new ProblemError('not_found', `There is no such ${noun}.`)
}
