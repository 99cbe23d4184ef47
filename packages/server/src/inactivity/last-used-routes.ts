import { lastUsedReport, lastUsedResult } from '@keyhook/contract/api/last-used.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { validationFailed } from '../lib/problem-error.ts'
import { readReport, storeUses } from './last-used.ts'

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
