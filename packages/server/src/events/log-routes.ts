import { Readable } from 'node:stream'
import { eventExportQuery, logKeyRead, logRead } from '@keyhook/contract/api/event.ts'
import { emptyBody } from '@keyhook/contract/api/list.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { actorOf } from './event.ts'
import { countExport, exportEvents, exportFormats } from './event-export.ts'
import { filterOf } from './event-filter.ts'
import { appendEvents } from './event-store.ts'
import type { EventLog } from './log.ts'
import { readLog } from './log-state.ts'

const tags = ['Events']

/** The log as a whole: as a file, where it stands, and what verifies it. */
export function logRoutes(ctx: Context, log: EventLog): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/events/export',
      {
        schema: {
          operationId: 'exportEvents',
          summary: 'Export the activity log as NDJSON or CSV',
          description:
            'Streamed, the oldest entry first, up to the last one there is now. `keyhook-event-count` in the answer tells how ' +
            'many there will be. Cells of CSV that a spreadsheet would calculate begin with an apostrophe.',
          tags,
          querystring: eventExportQuery,
          response: { 200: z.any().describe('One entry a line'), ...problems('validation_failed') },
        },
      },
      async (request, reply) => {
        const { query } = request
        const { format } = query
        await ctx.db
          .transaction()
          .execute((tx) =>
            appendEvents(tx, ctx.clock(), [
              { type: 'ADMIN_EXPORTED_EVENTS', actor: actorOf(principalOf(request)), metadata: { ...query } },
            ]),
          )
        await log.flush()
        const { position } = await readLog(ctx, log.keys)
        const range = {
          ...filterOf(query),
          fromPosition: query.from_position ?? null,
          toPosition: Math.min(query.to_position ?? position, position),
        }
        const name = `activity-log-${new Date(ctx.clock()).toISOString().slice(0, 10)}.${format}`
        reply
          .type(exportFormats[format].contentType)
          .header('content-disposition', `attachment; filename="${name}"`)
          .header('keyhook-event-count', await countExport(ctx, range))
          .header('cache-control', 'no-store')
        return reply.send(Readable.from(exportEvents(ctx, format, range)))
      },
    )

    app.get(
      '/log',
      {
        schema: {
          operationId: 'getLog',
          summary: 'Read where the activity log stands, with its signed checkpoints',
          tags,
          response: { 200: logRead, ...problems() },
        },
      },
      async () => {
        await log.flush()
        return readLog(ctx, log.keys)
      },
    )

    app.post(
      '/log/key',
      {
        schema: {
          operationId: 'readLogKey',
          summary: 'Read the key that verifies the hashes of the activity log',
          description: 'For `keyhook log verify`. It is a secret, and reading it is logged.',
          tags,
          body: emptyBody,
          response: { 200: logKeyRead, ...problems('invalid_json', 'validation_failed') },
        },
      },
      async (request, reply) => {
        await ctx.db
          .transaction()
          .execute((tx) =>
            appendEvents(tx, ctx.clock(), [
              { type: 'ADMIN_READ_LOG_KEY', actor: actorOf(principalOf(request)) },
            ]),
          )
        reply.header('cache-control', 'no-store')
        return { key: Buffer.from(log.keys.chain).toString('base64') }
      },
    )
  }
}
