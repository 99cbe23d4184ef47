import { bulkRetry, bulkRetryRead, deliveryRead, deliveryRetry } from '@keyhook/contract/api/delivery.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, ProblemError } from '../lib/problem-error.ts'
import { countRetryable, mayHaveArrived, queueRetryable } from './delivery-claims.ts'
import { readDelivered } from './delivery-read.ts'
import { findDelivery } from './delivery-store.ts'
import type { Engine } from './engine.ts'
import { repeatWarning, whyNotRetryable } from './retry-rules.ts'

const params = z.object({ id: z.string().max(100) })

/** Send deliveries again by hand: one, or all that a filter finds. */
export function retryRoutes(
  ctx: Context,
  { webhooks, dispatcher, retryQueue }: Engine,
): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/deliveries/:id/retry',
      {
        schema: {
          operationId: 'retryDelivery',
          summary: 'Send a delivery again',
          description:
            'The same payload under the same webhook-id, signed anew with the current secret and time, as a further ' +
            'attempt of the delivery. Works on a disabled webhook and does not count for its circuit breaker. When the ' +
            'receiver may have acted on it already, `accept_repeat: true` is asked for.',
          tags: ['Deliveries'],
          params,
          body: deliveryRetry,
          response: {
            200: deliveryRead,
            ...problems(
              'invalid_json',
              'not_found',
              'delivery_not_retryable',
              'retry_may_repeat',
              'validation_failed',
            ),
          },
        },
      },
      async (request) => {
        const { params, body } = request
        const delivery = await findDelivery(ctx, params.id)
        if (!delivery) throw notFound('delivery')
        const whyNot = whyNotRetryable(delivery)
        if (whyNot) throw notRetryable(whyNot)
        if (!body.accept_repeat) {
          const warning = repeatWarning(delivery, await mayHaveArrived(ctx, delivery.id))
          if (warning) {
            throw new ProblemError(
              'retry_may_repeat',
              `${warning} Send accept_repeat: true to do it all the same.`,
            )
          }
        }
        const webhook = delivery.webhook_id === null ? null : await webhooks.find(delivery.webhook_id)
        if (!webhook) throw notRetryable('Its webhook was deleted.')
        const claim = await dispatcher.claim(delivery.id)
        if (!claim) throw notRetryable('It is being sent again just now.')
        return readDelivered(
          ctx,
          await dispatcher.resend(claim, webhook, {
            retries: false,
            holdsPlace: false,
            actor: actorOf(principalOf(request)),
          }),
        )
      },
    )

    app.post(
      '/deliveries/retry',
      {
        schema: {
          operationId: 'retryDeliveries',
          summary: 'Send all failed deliveries again that a filter finds',
          description:
            'They are queued at once and sent in the background, the oldest first. `preview: true` only counts. Those ' +
            'that the receiver may have acted on already are left out unless `accept_repeat` is true. Tests are left out.',
          tags: ['Deliveries'],
          body: bulkRetry,
          response: { 200: bulkRetryRead, ...problems('invalid_json', 'validation_failed') },
        },
      },
      async (request) => {
        const { body } = request
        const filter = {
          webhookId: body.webhook_id,
          type: body.type,
          failureReason: body.failure_reason,
          from: body.from === undefined ? undefined : Date.parse(body.from),
          to: body.to === undefined ? undefined : Date.parse(body.to),
        }
        const { matching, mayRepeat } = await countRetryable(ctx, filter)
        if (body.preview) return { matching, may_repeat: mayRepeat, queued: 0 }
        const queued = await queueRetryable(ctx, filter, {
          alsoRepeating: body.accept_repeat,
          actor: actorOf(principalOf(request)),
        })
        if (queued > 0) retryQueue.wake()
        return { matching, may_repeat: mayRepeat, queued }
      },
    )
  }
}

function notRetryable(detail: string): ProblemError {
  return new ProblemError('delivery_not_retryable', detail)
}
