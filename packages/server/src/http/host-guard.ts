import type { FastifyRequest } from 'fastify'
import { isLoopback } from '../config.ts'
import { ProblemError } from '../lib/problem-error.ts'

/**
 * In the try-it profile only names of this machine are answered, so that a web page cannot reach the server by letting
 * its own name resolve to 127.0.0.1 (DNS rebinding).
 */
export function refuseForeignHost(request: FastifyRequest): void {
  const host = request.headers.host ?? ''
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
  if (!isLoopback(name)) {
    throw new ProblemError(
      'misdirected_request',
      'In the try-it profile Keyhook answers at 127.0.0.1 and localhost only.',
    )
  }
}
