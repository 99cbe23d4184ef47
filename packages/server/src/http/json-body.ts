import { maxPayloadBytes } from '@keyhook/contract/api/delivery.ts'
import { maxJsonDepth, parseJsonExactly } from '@keyhook/contract/json.ts'
import type { FastifyInstance } from 'fastify'
import { ProblemError } from '../lib/problem-error.ts'

/** Bodies are JSON only, read by the same strict reader as the answers of receivers. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    /^application\/(merge-patch\+)?json(;|$)/,
    { parseAs: 'buffer', bodyLimit: maxPayloadBytes },
    (_request, body: Buffer, done) => {
      const parsed = parseJsonExactly(body, { maxDepth: maxJsonDepth })
      if (parsed.ok) done(null, parsed.value)
      else done(new ProblemError('invalid_json', parsed.detail))
    },
  )
}
