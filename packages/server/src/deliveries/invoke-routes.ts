import { deliveryRead, dryRunRead, webhookInvoke } from '@keyhook/contract/api/delivery.ts'
import { webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { type IdempotencyKey, idempotencyKeyOf } from '../http/idempotency.ts'
import { preferredWait } from '../http/prefer.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, ProblemError } from '../lib/problem-error.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import type { WebhookCache } from '../webhooks/webhook-cache.ts'
import type { Delivered } from './deliver.ts'
import { readDelivered } from './delivery-read.ts'
import { traceOf } from './delivery-request.ts'
import { attemptsOf, findDelivery } from './delivery-store.ts'
import { dryRun } from './dry-run.ts'
import type { Engine } from './engine.ts'
import { replay } from './idempotency.ts'

const params = z.object({ id: z.string().max(100) })

/** Invoke a webhook: a payload in, its decision out. */
export function invokeRoutes(ctx: Context, engine: Engine): FastifyPluginAsyncZod {
  const { webhooks, dispatcher, waits } = engine

  /** What the key already led to, else what happens now. */
  async function onceFor(
    key: IdempotencyKey | null,
    patienceMs: number,
    reply: FastifyReply,
    deliver: () => Promise<Delivered | null>,
  ): Promise<Delivered> {
    const known = key && (await replay(ctx, key, patienceMs))
    const delivered = known ?? (await deliver())
    // Of two at once with the same key the database lets one through; the other one waits for it.
    const found = delivered ?? (key && (await replay(ctx, key, patienceMs)))
    if (!found) throw new Error('an idempotency key was taken and is gone')
    if (found !== delivered || known) reply.header('idempotency-replayed', 'true')
    return found
  }

  return async (app) => {
    app.post(
      '/webhooks/:id/invoke',
      {
        // `readDelivered` names every member by itself; checking them again by the schema costs a tenth of the call.
        serializerCompiler: () => (delivery) => JSON.stringify(delivery),
        schema: {
          operationId: 'invokeWebhook',
          summary: 'Invoke a webhook and wait for its decision',
          description:
            'Answers 200 with the delivery whether the webhook succeeded or failed: a failed webhook is a result. ' +
            'The payload is sent as it is; webhook_type, delivery_id, test and sent_at are added where absent, and ' +
            'callback_url where the webhook takes late answers.\n\n' +
            '`Idempotency-Key`: the same request with the same key gets the first delivery again and sends nothing; ' +
            'while that is under way it gets 409, or waits as long as `Prefer: wait` says.\n\n' +
            '`Prefer: wait=n` (seconds, at most 60): the caller does not wait longer than this, and waits this long for ' +
            'a late answer. Without it a delivery that answers later is returned at once as `awaiting_callback`; ' +
            '`Location` says where to look.',
          tags: ['Webhooks'],
          params,
          headers: z.looseObject({
            'idempotency-key': z.string().optional().describe('1 to 255 printable ASCII characters'),
            prefer: z.string().optional().describe('`wait=n`, in seconds'),
          }),
          body: webhookInvoke,
          response: {
            200: z.union([deliveryRead, dryRunRead]),
            ...problems(
              'invalid_json',
              'invalid_request',
              'not_found',
              'webhook_not_invokable',
              'idempotency_key_reused',
              'idempotency_in_progress',
              'body_too_large',
              'validation_failed',
            ),
          },
        },
      },
      async (request, reply) => {
        const startedAt = performance.now()
        const webhook = await invokable(webhooks, request.params.id)
        const { payload, dry_run } = request.body
        if (dry_run) return dryRun(ctx, engine, webhook, payload)
        const waitSeconds = preferredWait(request)
        const patienceMs = waitSeconds === null ? null : waitSeconds * 1000
        const key = idempotencyKeyOf(ctx, request)
        let delivered = await onceFor(key, patienceMs ?? 0, reply, () =>
          dispatcher.deliver({
            test: false,
            target: webhook,
            webhookId: webhook.id,
            payload,
            traceparent: traceOf(request),
            // `wait=0` asks not to wait for a late answer; it does not take the receiver's time away.
            patienceMs: patienceMs || null,
            idempotencyKey: key,
            actor: actorOf(principalOf(request)),
          }),
        )
        const { id } = delivered.delivery
        if (patienceMs !== null) reply.header('preference-applied', `wait=${waitSeconds}`)
        if (delivered.delivery.status === 'awaiting_callback') {
          reply.header('location', `/api/v1/deliveries/${id}`)
          const leftMs = (patienceMs ?? 0) - (performance.now() - startedAt)
          if (leftMs > 0) {
            await waits.until(id, leftMs)
            const delivery = await findDelivery(ctx, id)
            if (delivery) delivered = { delivery, attempts: await attemptsOf(ctx, id) }
          }
        }
        return readDelivered(ctx, delivered)
      },
    )
  }
}

async function invokable(webhooks: WebhookCache, id: string): Promise<Webhook> {
  const webhook = await webhooks.find(id)
  if (!webhook) throw notFound('webhook')
  if (webhookTypeTable[webhook.type].kind === 'event') {
    throw new ProblemError(
      'webhook_not_invokable',
      'A SIEM webhook gets the events of the activity log by itself; it can be tested but not invoked.',
    )
  }
  return webhook
}
