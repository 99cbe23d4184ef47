import {
  eventCount,
  eventCountQuery,
  eventListQuery,
  eventPage,
  eventRead,
} from '@keyhook/contract/api/event.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import { decodePosition, encodePosition } from './event-cursor.ts'
import { countExport } from './event-export.ts'
import { filterOf } from './event-filter.ts'
import { listEvents } from './event-list.ts'
import { findEvent, readEvent } from './event-store.ts'
import type { EventLog } from './log.ts'

const tags = ['Events']
const params = z.object({ id: z.string().max(100) })

/** Reading the activity log. */
export function eventRoutes(ctx: Context, log: EventLog): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/events',
      {
        schema: {
          operationId: 'listEvents',
          summary: 'List what happened, the newest first',
          tags,
          querystring: eventListQuery,
          response: { 200: eventPage, ...problems('validation_failed') },
        },
      },
      async ({ query }) => {
        const { limit, order } = query
        // Who has just changed something finds it.
        await log.flush()
        const rows = await listEvents(ctx, {
          ...filterOf(query),
          after: decodePosition(query.cursor),
          newestFirst: order === 'newest',
          limit: limit + 1,
        })
        const shown = rows.slice(0, limit)
        const last = shown.at(-1)
        return {
          data: shown.map(readEvent),
          next_cursor: rows.length > limit && last ? encodePosition(Number(last.position)) : null,
        }
      },
    )

    app.get(
      '/events/count',
      {
        schema: {
          operationId: 'countEvents',
          summary: 'Count what an export would hold',
          tags,
          querystring: eventCountQuery,
          response: { 200: eventCount, ...problems('validation_failed') },
        },
      },
      async ({ query }) => {
        await log.flush()
        const { position } = await ctx.db.selectFrom('log_head').select('position').executeTakeFirstOrThrow()
        const range = { ...filterOf(query), fromPosition: null, toPosition: Number(position) }
        return { count: await countExport(ctx, range) }
      },
    )

    app.get(
      '/events/:id',
      {
        schema: {
          operationId: 'getEvent',
          summary: 'Read an entry of the activity log',
          tags,
          params,
          response: { 200: eventRead, ...problems('not_found') },
        },
      },
      async ({ params: { id } }) => {
        await log.flush()
        const row = await findEvent(ctx, id)
        if (!row) throw notFound('event')
        return readEvent(row)
      },
    )
  }
}
