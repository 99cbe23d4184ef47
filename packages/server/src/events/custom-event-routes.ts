import {
  type EventCreate,
  eventBatchCreate,
  eventBatchCreated,
  eventCreate,
  eventCreated,
} from '@keyhook/contract/api/event.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Context } from '../context.ts'
import type { IdempotencyKey, KeyResult } from '../http/idempotency.ts'
import { creationHeaders, creationProblems, isKeyTaken, makeOnce, takeKey } from '../http/make-once.ts'
import { problems } from '../http/problem-responses.ts'
import { ProblemError, validationFailed } from '../lib/problem-error.ts'
import { customEventErrors } from './custom-event.ts'
import { appendCustomEvents } from './custom-event-store.ts'

const tags = ['Events']
/** Room for the largest batch of ordinary events. */
const batchBytes = 16 * 1_048_576

/** Events of a company's own systems, appended to the same log. */
export function customEventRoutes(ctx: Context): FastifyPluginAsyncZod {
  async function append(
    events: readonly EventCreate[],
    pointers: (index: number) => string,
    key: IdempotencyKey | null,
  ) {
    const now = ctx.clock()
    const errors = events.flatMap((event, index) => customEventErrors(event, pointers(index), now))
    if (errors.length > 0) throw validationFailed(errors)
    try {
      return await ctx.db.transaction().execute(async (tx) => {
        const ids = await appendCustomEvents(tx, now, events)
        await takeKey(ctx, tx, key, { id: ids[0] ?? '', secret: JSON.stringify(ids) })
        return ids
      })
    } catch (cause) {
      if (isKeyTaken(cause)) throw cause
      throw new ProblemError('unavailable', 'The database does not take writes. Nothing was appended.', {
        cause,
        headers: { 'retry-after': '5' },
      })
    }
  }

  const again = async ({ secret }: KeyResult): Promise<string[] | null> =>
    secret === null ? null : JSON.parse(secret)

  return async (app) => {
    app.post(
      '/events',
      {
        schema: {
          operationId: 'appendEvent',
          summary: 'Append an event of another system',
          description:
            'The members of the published event without `event_hash`; its type begins with `CUSTOM_`. It gets its place in ' +
            'the log, and its hash, a moment later.',
          tags,
          headers: creationHeaders,
          body: eventCreate,
          response: {
            201: eventCreated,
            ...problems(...creationProblems, 'invalid_json', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const [id = ''] = await makeOnce(ctx, request, reply, {
          again,
          make: (key) => append([request.body], () => '', key),
        })
        reply.code(201).header('location', `/api/v1/events/${id}`)
        return { id }
      },
    )

    app.post(
      '/events/batch',
      {
        bodyLimit: batchBytes,
        schema: {
          operationId: 'appendEvents',
          summary: 'Append up to 1,000 events of another system',
          description: 'All of them, or none when one is wrong; each wrong one is named.',
          tags,
          headers: creationHeaders,
          body: eventBatchCreate,
          response: {
            201: eventBatchCreated,
            ...problems(...creationProblems, 'invalid_json', 'body_too_large', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const ids = await makeOnce(ctx, request, reply, {
          again,
          make: (key) => append(request.body.events, (index) => `/events/${index}`, key),
        })
        reply.code(201)
        return { data: ids.map((id) => ({ id })) }
      },
    )
  }
}
