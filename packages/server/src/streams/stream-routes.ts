import { emptyBody } from '@keyhook/contract/api/list.ts'
import { replayRange, replayResult, streamMove, streamRead } from '@keyhook/contract/api/stream.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Conditions } from '../conditions/conditions.ts'
import type { Context } from '../context.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, validationFailed } from '../lib/problem-error.ts'
import { futureStart } from '../webhooks/stream-settings.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import type { WebhookCache } from '../webhooks/webhook-cache.ts'
import { countWanted } from './stream-count.ts'
import { addReplay, cancelReplay, findStream, moveStream, setPaused, spanOf } from './stream-moves.ts'
import { readReplay, readStream } from './stream-read.ts'
import { ensureStreams, positionAt, type StreamRow } from './stream-store.ts'
import type { Streams } from './streams.ts'

const tags = ['SIEM streams']
const params = z.object({ id: z.string().max(100) })

/** See and steer the stream of a SIEM webhook. */
export function streamRoutes(
  ctx: Context,
  { webhooks, conditions }: { webhooks: WebhookCache; conditions: Conditions },
  streams: Streams,
): FastifyPluginAsyncZod {
  async function existing(id: string): Promise<{ webhook: Webhook; row: StreamRow }> {
    const webhook = await webhooks.find(id)
    if (webhook?.type !== 'siem') throw notFound('SIEM webhook')
    const row = await findStream(ctx, id)
    if (row) return { webhook, row }
    await ensureStreams(ctx)
    const made = await findStream(ctx, id)
    if (!made) throw notFound('SIEM webhook')
    return { webhook, row: made }
  }

  async function read(id: string) {
    const { webhook, row } = await existing(id)
    return readStream(ctx, webhook, row)
  }

  return async (app) => {
    app.get(
      '/webhooks/:id/stream',
      {
        schema: {
          operationId: 'getStream',
          summary: 'How far the stream of a SIEM webhook is',
          tags,
          params,
          response: { 200: streamRead, ...problems('not_found') },
        },
      },
      ({ params }) => read(params.id),
    )

    for (const [what, paused] of [
      ['pause', true],
      ['resume', false],
    ] as const) {
      app.post(
        `/webhooks/:id/stream/${what}`,
        {
          schema: {
            operationId: `${what}Stream`,
            summary: paused ? 'Send no events for now' : 'Send events again',
            description: paused
              ? 'Nothing is lost: events wait in the log. What is under way is finished.'
              : 'Goes on where it was paused; also ends the pause after failures and tries at once.',
            tags,
            params,
            body: emptyBody,
            response: { 200: streamRead, ...problems('invalid_json', 'not_found', 'validation_failed') },
          },
        },
        async ({ params }) => {
          await existing(params.id)
          await setPaused(ctx, params.id, paused)
          await streams.look()
          if (!paused) streams.tryNow(params.id)
          return read(params.id)
        },
      )
    }

    app.post(
      '/webhooks/:id/stream/move',
      {
        schema: {
          operationId: 'moveStream',
          summary: 'Let the stream go on at another place of the log',
          description:
            'Forward, what lies between is not sent; backward, it is sent again. To send a part again while the stream ' +
            'goes on, make a replay instead.',
          tags,
          params,
          body: streamMove,
          response: { 200: streamRead, ...problems('invalid_json', 'not_found', 'validation_failed') },
        },
      },
      async ({ params, body }) => {
        const { row } = await existing(params.id)
        requirePast(ctx, body.to, '/to')
        await moveStream(ctx, row, await positionAt(ctx, body.to))
        await streams.look()
        return read(params.id)
      },
    )

    app.post(
      '/webhooks/:id/stream/replays',
      {
        schema: {
          operationId: 'replayEvents',
          summary: 'Send a range of the log again',
          description:
            'Beside the live stream, under new webhook-ids; event ids and hashes stay. With `preview: true` only the ' +
            'events are counted that the filter of the webhook lets through.',
          tags,
          params,
          body: replayRange,
          response: { 200: replayResult, ...problems('invalid_json', 'not_found', 'validation_failed') },
        },
      },
      async ({ params, body }) => {
        const { webhook, row } = await existing(params.id)
        const { preview, ...range } = body
        if (Object.values(range).every((bound) => bound === undefined))
          throw validationFailed([
            { pointer: '', detail: 'Say which range: from and to, or from_position and to_position.' },
          ])
        const span = await spanOf(ctx, range)
        if (!span) return { events: 0, from_position: null, to_position: null, replay: null }
        const events = await countWanted(ctx, conditions, webhook, span)
        const bounds = { events, from_position: span.first, to_position: span.last }
        if (preview || events === 0) return { ...bounds, replay: null }
        const replay = await addReplay(ctx, webhook, span, row.paused_at)
        await streams.look()
        return { ...bounds, replay: readReplay(replay) }
      },
    )

    app.delete(
      '/webhooks/:id/stream/replays/:replay_id',
      {
        schema: {
          operationId: 'cancelReplay',
          summary: 'Stop sending a range again',
          tags,
          params: params.extend({ replay_id: z.string().max(100) }),
          response: { 204: z.null(), ...problems('not_found') },
        },
      },
      async ({ params }, reply) => {
        await existing(params.id)
        if (!(await cancelReplay(ctx, params.id, params.replay_id))) throw notFound('replay')
        await streams.look()
        reply.code(204)
        return null
      },
    )
  }
}

function requirePast(ctx: Context, at: string, pointer: string): void {
  const detail = futureStart(at, ctx.clock())
  if (detail !== null) throw validationFailed([{ pointer, detail }])
}
