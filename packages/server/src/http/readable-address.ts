import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../lib/problem-error.ts'

/** U+0000 is in no id and no filter, and PostgreSQL has no text with it. */
export async function refuseNulInAddress(request: FastifyRequest): Promise<void> {
  if (/%00|\0/.test(request.url)) {
    throw new ProblemError(
      'invalid_request',
      'The address has the character U+0000 (%00) in it; leave it out.',
    )
  }
}
