import { eventListQuery, eventPage } from '@keyhook/contract/api/event.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Context } from '../context.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { problems } from '../http/problem-responses.ts'
import { listEvents, readEvent } from './event-store.ts'

/** The activity log. */
export function eventRoutes(ctx: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/events',
      {
        schema: {
          operationId: 'listEvents',
          summary: 'List what happened, the newest first',
          tags: ['Events'],
          querystring: eventListQuery,
          response: { 200: eventPage, ...problems('validation_failed') },
        },
      },
      async ({ query }) => {
        const { limit, type, from, to } = query
        const rows = await listEvents(ctx, {
          limit,
          after: decodeCursor(query.cursor),
          type,
          requestId: query.access_request_id,
          appId: query.app_id,
          actorId: query.actor_id,
          from,
          to,
        })
        return toPage(rows, limit, readEvent)
      },
    )
  }
}
