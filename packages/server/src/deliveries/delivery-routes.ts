import {
  deliveryListQuery,
  deliveryPage,
  deliveryRead,
  unsavedWebhookTest,
  webhookInvoke,
  webhookTest,
} from '@keyhook/contract/api/delivery.ts'
import { examplePayload } from '@keyhook/contract/example-payload.ts'
import { failedOutcome } from '@keyhook/contract/failure.ts'
import { newSigningSecret } from '@keyhook/contract/signing-secret.ts'
import { webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, ProblemError, validationFailed } from '../lib/problem-error.ts'
import type { Webhook, WebhookTarget } from '../webhooks/webhook.ts'
import type { WebhookCache } from '../webhooks/webhook-cache.ts'
import { fieldsOfDraft } from '../webhooks/webhook-input.ts'
import { readSigningSecret } from '../webhooks/webhook-secrets.ts'
import type { Delivered, Dispatcher } from './deliver.ts'
import { readDelivery, readDeliverySummary } from './delivery-read.ts'
import { attemptsOf, findDelivery, listDeliveryRows } from './delivery-store.ts'

const params = z.object({ id: z.string().max(100) })

/** Test and invoke webhooks; read deliveries. */
export function deliveryRoutes(
  ctx: Context,
  webhooks: WebhookCache,
  dispatcher: Dispatcher,
): FastifyPluginAsyncZod {
  const read = ({ delivery, attempts }: Delivered) => readDelivery(ctx, delivery, attempts)

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
          response: { 200: deliveryRead, ...problems('invalid_json', 'not_found', 'validation_failed') },
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
        const target: WebhookTarget = {
          ...fields,
          signingSecrets: given
            ? [readSigningSecret(given, '/webhook/signing_secret')]
            : (stored?.signingSecrets ?? []),
        }
        return read(
          await dispatcher.deliver({
            ...testOf(target, payload),
            webhookId: null,
            traceparent: traceOf(request),
          }),
        )
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
          response: { 200: deliveryRead, ...problems('invalid_json', 'not_found', 'validation_failed') },
        },
      },
      async (request) => {
        const webhook = await existing(webhooks, request.params.id)
        return read(
          await dispatcher.deliver({
            ...testOf(webhook, request.body.payload),
            webhookId: webhook.id,
            traceparent: traceOf(request),
          }),
        )
      },
    )

    app.post(
      '/webhooks/:id/invoke',
      {
        schema: {
          operationId: 'invokeWebhook',
          summary: 'Invoke a webhook and wait for its decision',
          description:
            'Answers 200 with the delivery whether the webhook succeeded or failed: a failed webhook is a result. ' +
            'The payload is sent as it is; webhook_type, delivery_id, test and sent_at are added where absent.',
          tags: ['Webhooks'],
          params,
          body: webhookInvoke,
          response: {
            200: deliveryRead,
            ...problems(
              'invalid_json',
              'not_found',
              'webhook_not_invokable',
              'body_too_large',
              'validation_failed',
            ),
          },
        },
      },
      async (request) => {
        const webhook = await existing(webhooks, request.params.id)
        if (webhookTypeTable[webhook.type].kind === 'event') {
          throw new ProblemError(
            'webhook_not_invokable',
            'A SIEM webhook gets the events of the activity log by itself; it can be tested but not invoked.',
          )
        }
        const sending = {
          target: webhook,
          webhookId: webhook.id,
          payload: request.body.payload,
          test: false,
          traceparent: traceOf(request),
        }
        if (webhook.enabled) return read(await dispatcher.deliver(sending))
        return read(
          await dispatcher.refuse(
            sending,
            failedOutcome('webhook_disabled', 'The webhook is disabled, so nothing was sent.'),
          ),
        )
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
          tags: ['Deliveries'],
          params,
          response: { 200: deliveryRead, ...problems('not_found') },
        },
      },
      async (request) => {
        const delivery = await findDelivery(ctx, request.params.id)
        if (!delivery) throw notFound('delivery')
        return read({ delivery, attempts: await attemptsOf(ctx, delivery.id) })
      },
    )
  }
}

function testOf(target: WebhookTarget, payload: Record<string, unknown> | undefined) {
  return { target, payload: payload ?? examplePayload(target.type), test: true }
}

function traceOf(request: FastifyRequest): string | undefined {
  const header = request.headers.traceparent
  return typeof header === 'string' ? header : undefined
}

async function existing(webhooks: WebhookCache, id: string): Promise<Webhook> {
  const webhook = await webhooks.find(id)
  if (!webhook) throw notFound('webhook')
  return webhook
}
