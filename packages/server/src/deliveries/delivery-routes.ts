import {
  deliveryDetail,
  deliveryListQuery,
  deliveryPage,
  deliveryRead,
  unsavedWebhookTest,
  webhookTest,
} from '@keyhook/contract/api/delivery.ts'
import { webhookStats, webhookStatsQuery } from '@keyhook/contract/api/webhook-stats.ts'
import { examplePayload } from '@keyhook/contract/example-payload.ts'
import type { SigningKeys } from '@keyhook/contract/signature.ts'
import { newSigningSecret } from '@keyhook/contract/signing-secret.ts'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { type Principal, principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, validationFailed } from '../lib/problem-error.ts'
import type { Webhook, WebhookTarget } from '../webhooks/webhook.ts'
import type { WebhookCache } from '../webhooks/webhook-cache.ts'
import { fieldsOfDraft } from '../webhooks/webhook-input.ts'
import { readSigningSecret } from '../webhooks/webhook-secrets.ts'
import type { Dispatcher } from './deliver.ts'
import { readDelivered, readDeliverySummary, withoutAddress } from './delivery-read.ts'
import { traceOf } from './delivery-request.ts'
import { attemptsOf, findDelivery, listDeliveryRows } from './delivery-store.ts'
import { webhookStatsOf } from './webhook-stats.ts'

const params = z.object({ id: z.string().max(100) })

/** What a caller sees of a delivery; null: for them it is not there. */
export type DeliveryReader = (
  principal: Principal,
  deliveryId: string,
) => Promise<{ readonly accessRequestId: string | null; readonly seesAddress: boolean } | null>

/** Test webhooks; read deliveries. */
export function deliveryRoutes(
  ctx: Context,
  webhooks: WebhookCache,
  dispatcher: Dispatcher,
  mayRead: DeliveryReader,
): FastifyPluginAsyncZod {
  async function test(
    request: FastifyRequest,
    target: WebhookTarget,
    webhookId: string | null,
    payload: Record<string, unknown> | undefined,
  ) {
    const delivered = await dispatcher.deliver({
      test: true,
      target,
      webhookId,
      payload: payload ?? examplePayload(target.type),
      traceparent: traceOf(request),
      patienceMs: null,
      idempotencyKey: null,
      actor: actorOf(principalOf(request)),
    })
    // Without an idempotency key none can be taken.
    if (!delivered) throw new Error('a test was not delivered')
    return readDelivered(ctx, delivered)
  }

  return async (app) => {
    app.post(
      '/webhooks/test',
      {
        schema: {
          operationId: 'testUnsavedWebhook',
          summary: 'Test a webhook before saving it',
          description:
            'Sends the payload, marked `test: true`, and answers with the delivery, whatever came of it.',
          tags: ['Webhooks'],
          body: unsavedWebhookTest,
          response: {
            200: deliveryRead,
            ...problems('invalid_json', 'not_found', 'validation_failed'),
          },
        },
      },
      async (request) => {
        const { webhook, webhook_id, payload } = request.body
        const stored = webhook_id === undefined ? null : await existing(webhooks, webhook_id)
        if (stored && stored.type !== webhook.type) {
          throw validationFailed([
            { pointer: '/webhook/type', detail: `The saved webhook is of type ${stored.type}.` },
          ])
        }
        const fields = await fieldsOfDraft(ctx, webhook, stored, '/webhook')
        const given = webhook.signing_secret ?? (stored ? null : newSigningSecret())
        const signingKeys: SigningKeys = given
          ? { secrets: [readSigningSecret(given, '/webhook/signing_secret')], privateKeys: [] }
          : (stored?.signingKeys ?? { secrets: [], privateKeys: [] })
        return test(request, { ...fields, signingKeys }, null, payload)
      },
    )

    app.post(
      '/webhooks/:id/test',
      {
        schema: {
          operationId: 'testWebhook',
          summary: 'Test a saved webhook',
          description: 'Works on a disabled webhook too.',
          tags: ['Webhooks'],
          params,
          body: webhookTest,
          response: {
            200: deliveryRead,
            ...problems('invalid_json', 'not_found', 'validation_failed'),
          },
        },
      },
      async (request) => {
        const webhook = await existing(webhooks, request.params.id)
        return test(request, webhook, webhook.id, request.body.payload)
      },
    )

    app.get(
      '/webhooks/:id/stats',
      {
        schema: {
          operationId: 'getWebhookStats',
          summary: 'How a webhook has been doing',
          description:
            'Counts, latencies and failures of its real deliveries over a window; tests are left out.',
          tags: ['Webhooks'],
          params,
          querystring: webhookStatsQuery,
          response: { 200: webhookStats, ...problems('not_found', 'validation_failed') },
        },
      },
      async ({ params, query }) => {
        const webhook = await existing(webhooks, params.id)
        return webhookStatsOf(ctx, webhook.id, query.window)
      },
    )

    app.get(
      '/deliveries',
      {
        schema: {
          operationId: 'listDeliveries',
          summary: 'List deliveries, the newest first',
          tags: ['Deliveries'],
          querystring: deliveryListQuery,
          response: { 200: deliveryPage, ...problems('validation_failed') },
        },
      },
      async ({ query }) => {
        const filter = {
          webhookId: query.webhook_id,
          type: query.type,
          status: query.status,
          failureReason: query.failure_reason,
          test: query.test === undefined ? undefined : query.test === 'true',
          from: query.from === undefined ? undefined : Date.parse(query.from),
          to: query.to === undefined ? undefined : Date.parse(query.to),
        }
        const { limit } = query
        const rows = await listDeliveryRows(ctx, filter, { after: decodeCursor(query.cursor), limit })
        return toPage(rows, limit, (row) => readDeliverySummary(ctx, row))
      },
    )

    app.get(
      '/deliveries/:id',
      {
        schema: {
          operationId: 'getDelivery',
          summary: 'Read a delivery with its attempts',
          description:
            'App admins read the deliveries that requests for their apps led to. The address of the endpoint is cut to ' +
            'its origin for them, for the rest of it may be a secret.',
          tags: ['Deliveries'],
          params,
          response: { 200: deliveryDetail, ...problems('not_found') },
        },
      },
      async (request) => {
        const delivery = await findDelivery(ctx, request.params.id)
        const seen = delivery && (await mayRead(principalOf(request), delivery.id))
        if (!seen) throw notFound('delivery')
        const read = await readDelivered(ctx, { delivery, attempts: await attemptsOf(ctx, delivery.id) })
        return {
          ...(seen.seesAddress ? read : withoutAddress(read)),
          access_request_id: seen.accessRequestId,
        }
      },
    )
  }
}

async function existing(webhooks: WebhookCache, id: string): Promise<Webhook> {
  const webhook = await webhooks.find(id)
  if (!webhook) throw notFound('webhook')
  return webhook
}
