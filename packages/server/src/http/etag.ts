import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../lib/problem-error.ts'

/** The entity tag of a version of something. */
export function etagOf(version: number): string {
  return `"${version}"`
}

/** Honours `If-Match`: a change that was made against another version is refused (RFC 9110, 13.1.1). */
export function requireMatch(request: FastifyRequest, version: number): void {
  const wanted = request.headers['if-match']
  if (wanted === undefined || wanted.trim() === '*') return
  const tags = wanted.split(',').map((tag) => tag.trim())
  if (!tags.includes(etagOf(version))) {
    throw new ProblemError(
      'precondition_failed',
      'Read it again and repeat the change if it is still wanted.',
    )
  }
}
