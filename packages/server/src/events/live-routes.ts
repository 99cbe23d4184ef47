import { eventStreamQuery } from '@keyhook/contract/api/event.ts'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { problems } from '../http/problem-responses.ts'
import { ProblemError, validationFailed } from '../lib/problem-error.ts'
import { filterOf } from './event-filter.ts'
import { createLiveFeed } from './live-feed.ts'
import { type LiveReader, openLiveReader } from './live-reader.ts'
import type { EventLog } from './log.ts'

/** Live readers of one server at once. */
const mostReaders = 100

/** Who knows whether the caller of a request may still read; sign-in stands behind the log. */
type Admission = { isStillAllowed(request: FastifyRequest): Promise<boolean> }

/** The activity log as it happens, by Server-Sent Events. */
export function liveRoutes(ctx: Context, log: EventLog, admission: Admission): FastifyPluginAsyncZod {
  const feed = createLiveFeed(ctx, log)
  const readers = new Set<LiveReader>()

  /** Where the reader goes on, and where the log begins. Throws 422 for a place that the log has not reached. */
  async function placeOf(wanted: { after: number | undefined; header: string | undefined }) {
    await log.flush()
    await feed.refresh()
    const { position, first_position } = await ctx.db
      .selectFrom('log_head')
      .select(['position', 'first_position'])
      .executeTakeFirstOrThrow()
    const last = Number(position)
    // A browser that comes back sends both: the address that it knows, and the last id that it got.
    const pointer = wanted.header === undefined ? '/query/after' : '/headers/last-event-id'
    const after = wanted.header === undefined ? wanted.after : readId(wanted.header)
    if (after !== undefined && after > last)
      throw validationFailed([{ pointer, detail: `The log ends at ${last}; give a place up to that.` }])
    return { after: after ?? last, firstPosition: Number(first_position) }
  }

  return async (app) => {
    app.addHook('preClose', async () => {
      for (const reader of readers) reader.end()
    })

    app.get(
      '/events/stream',
      {
        exposeHeadRoute: false,
        schema: {
          operationId: 'streamEvents',
          summary: 'Follow the activity log as it happens',
          description:
            'Server-Sent Events, with the filters of the list: each entry has its position as `id`. `Last-Event-ID` (which ' +
            'browsers send by themselves) or `after` goes on behind an entry without a gap and without one twice; without ' +
            'either it begins now. Every 15 seconds there is a comment. A reader that does not keep up gets `event: cut_off` ' +
            'and the end of the answer, and may come back with its last id; `event: gap` says that entries in between have ' +
            'left the log, `event: signed_out` that the caller may not read it any more.',
          tags: ['Events'],
          querystring: eventStreamQuery,
          headers: z.object({
            'last-event-id': z.string().max(20).optional().describe('The last id that was received'),
          }),
          response: {
            200: z.any().describe('`text/event-stream`'),
            ...problems('validation_failed', 'too_many_requests'),
          },
        },
      },
      async (request, reply) => {
        if (readers.size >= mostReaders)
          throw new ProblemError('too_many_requests', `${mostReaders} readers follow the log already.`, {
            headers: { 'retry-after': '30' },
          })
        const { after, ...query } = request.query
        const place = await placeOf({ after, header: request.headers['last-event-id'] })
        const reader = openLiveReader({
          feed,
          filter: filterOf(query),
          ...place,
          isStillAllowed: () => admission.isStillAllowed(request),
          cut: () => {
            if (!reply.raw.writableFinished) reply.raw.destroy()
          },
          failed: (error) => ctx.log.warn({ err: error }, 'a live reader of the log was ended'),
        })
        readers.add(reader)
        reader.stream.once('close', () => readers.delete(reader))
        reply
          .type('text/event-stream; charset=utf-8')
          .header('cache-control', 'no-store')
          // nginx would hold entries back.
          .header('x-accel-buffering', 'no')
        return reply.send(reader.stream)
      },
    )
  }
}

function readId(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw validationFailed([
    { pointer: '/headers/last-event-id', detail: 'Use the id of the last entry that was received.' },
  ])
}
