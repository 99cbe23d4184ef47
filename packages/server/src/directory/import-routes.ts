import { importQuery, importReport } from '@keyhook/contract/api/user-import.ts'
import { maxImportBytes } from '@keyhook/contract/directory-words.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { readCsvBodies } from '../http/csv-body.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { importUsers } from './import.ts'

/** Users from a CSV file. */
export function importRoutes(ctx: Context): FastifyPluginAsyncZod {
  return async (app) => {
    readCsvBodies(app)

    app.post(
      '/users/import',
      {
        bodyLimit: maxImportBytes,
        schema: {
          operationId: 'importUsers',
          summary: 'Import users from a CSV file',
          description:
            'Users are found by their e-mail address; those who are not in the file stay as they are. All rows are ' +
            'imported or, when one is wrong, none: `errors` of the problem then point to `/rows/<row>/<column>`. With ' +
            '`dry_run=true` the answer says what would happen. The columns are in the documentation of the directory.',
          tags: ['Users'],
          consumes: ['text/csv'],
          querystring: importQuery,
          body: z.any().meta({ type: 'string', description: 'UTF-8, at most 32 MiB and 200,000 users' }),
          response: {
            200: importReport,
            ...problems('body_too_large', 'unsupported_media_type', 'csv_unreadable', 'validation_failed'),
          },
        },
      },
      async (request) => {
        const file = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const dryRun = request.query.dry_run === 'true'
        return importUsers(ctx, file, { dryRun, actor: actorOf(principalOf(request)) })
      },
    )
  }
}
