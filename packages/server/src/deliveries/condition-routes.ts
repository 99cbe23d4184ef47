import { conditionPreview, conditionPreviewRead } from '@keyhook/contract/api/condition.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { compileCondition } from '../conditions/condition.ts'
import type { Context } from '../context.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, validationFailed } from '../lib/problem-error.ts'
import type { WebhookCache } from '../webhooks/webhook-cache.ts'
import { exampleFor, lastPayloadsOf, type PreviewPayload } from './preview-payloads.ts'

/** Try a condition before it decides anything. */
export function conditionRoutes(ctx: Context, webhooks: WebhookCache): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/webhooks/preview-condition',
      {
        schema: {
          operationId: 'previewCondition',
          summary: 'Evaluate a condition without using it',
          description:
            'Against the example payload of the type and, for a saved webhook, its last real payloads; or against one ' +
            'payload that is given. A SIEM webhook is asked about each event by itself, in the shape of `GET /events`.',
          tags: ['Webhooks'],
          body: conditionPreview,
          response: {
            200: conditionPreviewRead,
            ...problems('invalid_json', 'not_found', 'validation_failed'),
          },
        },
      },
      async ({ body }) => {
        const compiled = compileCondition(body.condition)
        if (!compiled.ok) {
          const { line, column, detail } = compiled
          throw validationFailed([
            { pointer: '/condition', detail: `Line ${line}, column ${column}: ${detail}` },
          ])
        }
        const { condition } = compiled
        const result = (
          source: 'example' | 'payload' | 'delivery',
          payload: unknown,
          from: PreviewPayload | null = null,
        ) => {
          const evaluated = condition.evaluate(payload)
          return {
            source,
            delivery_id: from?.deliveryId ?? null,
            created_at: from?.createdAt ?? null,
            event_id: from?.event?.id ?? null,
            event_type: from?.event?.type ?? null,
            holds: evaluated.ok ? evaluated.holds : null,
            error: evaluated.ok ? null : evaluated.detail,
          }
        }
        if (body.payload) return { results: [result('payload', body.payload)] }
        const { webhook_id: webhookId } = body
        if (webhookId !== undefined && !(await webhooks.find(webhookId))) throw notFound('webhook')
        const real = webhookId === undefined ? [] : await lastPayloadsOf(ctx, webhookId)
        return {
          results: [
            result('example', exampleFor(body.type)),
            ...real.map((from) => result('delivery', from.payload, from)),
          ],
        }
      },
    )
  }
}
