import {
  lastUsedImportQuery,
  lastUsedImportResult,
  lastUsedReport,
  lastUsedResult,
} from '@keyhook/contract/api/last-used.ts'
import { maxImportBytes } from '@keyhook/contract/directory-words.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { readCsvBodies } from '../http/csv-body.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { validationFailed } from '../lib/problem-error.ts'
import { readReport, storeUses } from './last-used.ts'
import { importUses } from './last-used-import.ts'

/** Programs that know when access was used say so here. */
export function lastUsedRoutes(ctx: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/grants/last-used',
      {
        schema: {
          operationId: 'reportLastUsed',
          summary: 'Report when access was used last',
          description:
            'All of it is stored, or nothing. A use that is earlier than what is known changes nothing. Access that is used ' +
            'again is not removed for inactivity.',
          tags: ['Grants'],
          body: lastUsedReport,
          response: { 200: lastUsedResult, ...problems('invalid_json', 'validation_failed') },
        },
      },
      (request) => {
        const { uses, ignore_unknown } = request.body
        const now = ctx.clock()
        return ctx.db.transaction().execute(async (tx) => {
          const report = await readReport(tx, now, uses, ignore_unknown)
          if (report.errors.length > 0)
            throw validationFailed(
              report.errors.map(({ index, detail }) => ({ pointer: `/uses/${index}`, detail })),
            )
          return storeUses(tx, now, actorOf(principalOf(request)), report)
        })
      },
    )
  }
}

/** The same from a CSV file. */
export function lastUsedImportRoutes(ctx: Context): FastifyPluginAsyncZod {
  return async (app) => {
    readCsvBodies(app)
    app.post(
      '/grants/last-used/import',
      {
        bodyLimit: maxImportBytes,
        schema: {
          operationId: 'importLastUsed',
          summary: 'Import from a CSV file when access was used last',
          description:
            'Columns: `grant_id`, or `user_email`, `app` and `permission`; and `last_used_at`, a time or a date. All rows are ' +
            'stored or, when one is wrong, none: `errors` of the problem then point to `/rows/<row>/<column>`.',
          tags: ['Grants'],
          consumes: ['text/csv'],
          querystring: lastUsedImportQuery,
          body: z.any().meta({ type: 'string', description: 'UTF-8, at most 32 MiB and 200,000 rows' }),
          response: {
            200: lastUsedImportResult,
            ...problems('body_too_large', 'unsupported_media_type', 'csv_unreadable', 'validation_failed'),
          },
        },
      },
      async (request) => {
        const file = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        return importUses(ctx, file, {
          dryRun: request.query.dry_run === 'true',
          ignoreUnknown: request.query.ignore_unknown === 'true',
          actor: actorOf(principalOf(request)),
        })
      },
    )
  }
}
