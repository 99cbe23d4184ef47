import { speakPlainly } from '@keyhook/contract/api/error-text.ts'
import { type Problem, type ProblemCode, problemCodes } from '@keyhook/contract/api/problem.ts'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { isDatabaseAway } from '../lib/database-away.ts'
import { isDiskFull } from '../lib/disk-full.ts'
import { type MemberError, ProblemError, validationFailed } from '../lib/problem-error.ts'
import { memberErrors } from './member-errors.ts'
import { refuseNulInAddress } from './readable-address.ts'

/** Turns everything that is thrown, and every address that is unknown or unreadable, into an RFC 9457 problem. */
export function answerWithProblems(app: FastifyInstance, baseUrl: () => string): void {
  speakPlainly()
  app.addHook('onRequest', refuseNulInAddress)
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblemError(error, request)
    if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'a request failed')
    return sendProblem(reply, problem, request, baseUrl())
  })
}

/** Sends one problem as the answer. */
export function sendProblem(
  reply: FastifyReply,
  error: ProblemError,
  request: FastifyRequest,
  baseUrl: string,
): FastifyReply {
  const { status, title } = problemCodes[error.code]
  const problem: Problem = {
    type: `${baseUrl}/docs/errors#${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    errors: [...error.errors] as MemberError[],
    trace_id: request.id,
    ...(error.state && { state: error.state }),
    ...(error.accessRequestId && { access_request_id: error.accessRequestId }),
  }
  return reply
    .code(status)
    .headers({ ...error.headers, 'cache-control': 'no-store' })
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(problem)
}

/** Whatever was thrown, as a problem: what callers may not know becomes `internal_error`. */
export function toProblemError(error: FastifyError, request: FastifyRequest): ProblemError {
  if (error instanceof ProblemError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    return validationFailed(memberErrors(error.validation, error.validationContext))
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLarge(request.routeOptions.bodyLimit)
  const known = fastifyErrors[error.code]
  if (known) return new ProblemError(known.code, known.detail)
  // The rate limit has set retry-after on the answer already.
  if (error.statusCode === 429) return new ProblemError('too_many_requests', 'Wait a moment and try again.')
  if (error.statusCode && error.statusCode >= 400 && error.statusCode < 500) {
    return new ProblemError('invalid_request', 'The request cannot be read as HTTP.')
  }
  if (isDiskFull(error)) {
    return new ProblemError('unavailable', 'There is no room on a disk of the server. Nothing was stored.', {
      cause: error,
      headers: { 'retry-after': '30' },
    })
  }
  if (isDatabaseAway(error)) {
    return new ProblemError(
      'unavailable',
      'The database does not answer, or takes no writes for now. Look whether it was done before you ask again.',
      { cause: error, headers: { 'retry-after': '5' } },
    )
  }
  return new ProblemError('internal_error', 'It was recorded in the server log under the trace_id.', {
    cause: error,
  })
}

function bodyTooLarge(limit = 1_048_576): ProblemError {
  const bytes = limit.toLocaleString('en')
  return new ProblemError(
    'body_too_large',
    `A request body may have ${bytes} bytes (${limit / 1_048_576} MiB) at most here.`,
  )
}

const fastifyErrors: Record<string, { code: ProblemCode; detail: string }> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    detail: 'Send the body as JSON with the header content-type: application/json.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'invalid_json', detail: 'The body is empty; send a JSON object.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'invalid_request',
    detail: 'The body is not as long as content-length says.',
  },
}
