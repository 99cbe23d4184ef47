import { maxImportBytes } from '@keyhook/contract/directory-words.ts'
import type { FastifyInstance } from 'fastify'
import { ProblemError } from '../lib/problem-error.ts'

/** In the place of JSON, the routes of this plugin take a file in CSV, as its bytes. */
export function readCsvBodies(
  app: Pick<FastifyInstance, 'removeAllContentTypeParsers' | 'addContentTypeParser'>,
): void {
  app.removeAllContentTypeParsers()
  const whole = { parseAs: 'buffer', bodyLimit: maxImportBytes } as const
  app.addContentTypeParser(/^text\/csv(;|$)/, whole, (_request, body, done) => done(null, body))
  app.addContentTypeParser('*', (_request, _body, done) => {
    done(new ProblemError('unsupported_media_type', 'Send the file itself, with content-type: text/csv.'))
  })
}
