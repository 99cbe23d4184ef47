import type { FastifyRequest } from 'fastify'

/** The longest wait that a caller gets, in seconds. */
export const longestWaitSeconds = 60

/**
 * The seconds of `Prefer: wait=n` (RFC 7240, 4.3), at most `longestWaitSeconds`; null without one. A preference that
 * cannot be read is no error: the RFC says to ignore it.
 */
export function preferredWait(request: FastifyRequest): number | null {
  const header = request.headers.prefer
  const preferences = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',')
  for (const preference of preferences) {
    const match = /^\s*wait\s*=\s*"?(\d+)"?\s*(?:;.*)?$/i.exec(preference)
    if (match) return Math.min(Number(match[1]), longestWaitSeconds)
  }
  return null
}
