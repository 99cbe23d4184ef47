import { conditionPreview, conditionPreviewRead } from '@keyhook/contract/api/condition.ts'
import { examplePayload } from '@keyhook/contract/example-payload.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { compileCondition } from '../conditions/condition.ts'
import type { Context } from '../context.ts'
import { problems } from '../http/problem-responses.ts'
import { timeOfId } from '../lib/ids.ts'
import { notFound, validationFailed } from '../lib/problem-error.ts'
import type { WebhookCache } from '../webhooks/webhook-cache.ts'

/** Real payloads that a preview looks at. */
const lastPayloads = 20

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
            'payload that is given.',
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
        const result = (source: 'example' | 'payload' | 'delivery', payload: unknown, id: string | null) => {
          const evaluated = condition.evaluate(payload)
          return {
            source,
            delivery_id: id,
            created_at: id === null ? null : timeOfId(id).toISOString(),
            holds: evaluated.ok ? evaluated.holds : null,
            error: evaluated.ok ? null : evaluated.detail,
          }
        }
        if (body.payload) return { results: [result('payload', body.payload, null)] }
        const real = body.webhook_id === undefined ? [] : await payloadsOf(body.webhook_id)
        return {
          results: [
            result('example', examplePayload(body.type), null),
            ...real.map(({ id, payload }) => result('delivery', payload, id)),
          ],
        }
      },
    )
  }

  async function payloadsOf(webhookId: string): Promise<{ id: string; payload: unknown }[]> {
    if (!(await webhooks.find(webhookId))) throw notFound('webhook')
    const rows = await ctx.db
      .selectFrom('deliveries')
      .select(['id', 'payload'])
      .where('webhook_id', '=', webhookId)
      .where('test', '=', false)
      .orderBy('id', 'desc')
      .limit(lastPayloads)
      .execute()
    return rows.map((row) => ({ id: row.id, payload: JSON.parse(Buffer.from(row.payload).toString()) }))
  }
}
