import { emptyBody } from '@keyhook/contract/api/list.ts'
import {
  webhookChange,
  webhookCreate,
  webhookCreated,
  webhookListQuery,
  webhookPage,
  webhookRead,
} from '@keyhook/contract/api/webhook.ts'
import { rotateSigningSecret } from '@keyhook/contract/api/webhook-settings.ts'
import { newSigningSecret } from '@keyhook/contract/signing-secret.ts'
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Circuits } from '../circuit/circuits.ts'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { etagOf, requireMatch } from '../http/etag.ts'
import { creationHeaders, creationProblems, makeOnce } from '../http/make-once.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, ProblemError } from '../lib/problem-error.ts'
import { rotateSigningKeys } from './signing-keys.ts'
import type { WebhookCache } from './webhook-cache.ts'
import { fieldsOfChange, fieldsOfDraft } from './webhook-input.ts'
import { readWebhooks } from './webhook-read.ts'
import { readSigningSecret } from './webhook-secrets.ts'
import {
  archiveWebhook,
  findWebhookRow,
  insertWebhook,
  listWebhookRows,
  openWebhook,
  updateWebhook,
  type WebhookRow,
} from './webhook-store.ts'
import { type UsesElsewhere, usagesOf } from './webhook-usage.ts'

const tags = ['Webhooks']
const params = z.object({ id: z.string().max(100) })

/** Create, list, read, change and delete webhooks. */
export function webhookRoutes(
  ctx: Context,
  webhooks: WebhookCache,
  circuits: Circuits,
  usesElsewhere: UsesElsewhere,
): FastifyPluginAsyncZod {
  async function answer(reply: FastifyReply, row: WebhookRow) {
    reply.header('etag', etagOf(row.version))
    const [webhook] = await readWebhooks(ctx, circuits, [row])
    if (!webhook) throw notFound('webhook')
    return webhook
  }

  return async (app) => {
    app.post(
      '/webhooks',
      {
        schema: {
          operationId: 'createWebhook',
          summary: 'Create a webhook',
          description: 'The answer shows the signing secret; no later one does.',
          tags,
          headers: creationHeaders,
          body: webhookCreate,
          response: {
            201: webhookCreated,
            ...problems(...creationProblems, 'invalid_json', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const { body } = request
        const { row, secret } = await makeOnce(ctx, request, reply, {
          async again({ id, secret }) {
            const row = await findWebhookRow(ctx, id)
            return row && secret !== null ? { row, secret } : null
          },
          async make(key) {
            const secret = body.signing_secret ?? newSigningSecret()
            const fields = await fieldsOfDraft(ctx, body)
            const draft = { fields, signingSecret: secret, key, actor: actorOf(principalOf(request)) }
            return { row: await insertWebhook(ctx, draft), secret }
          },
        })
        const webhook = await answer(reply, row)
        reply.code(201).header('location', `/api/v1/webhooks/${row.id}`)
        return { ...webhook, signing_secret: secret }
      },
    )

    app.get(
      '/webhooks',
      {
        schema: {
          operationId: 'listWebhooks',
          summary: 'List webhooks, the newest first',
          tags,
          querystring: webhookListQuery,
          response: { 200: webhookPage, ...problems('validation_failed') },
        },
      },
      async ({ query }) => {
        const { limit, type } = query
        const rows = await listWebhookRows(ctx, { type, limit, after: decodeCursor(query.cursor) })
        const read = await readWebhooks(ctx, circuits, rows.slice(0, limit))
        const byId = new Map(read.map((webhook) => [webhook.id, webhook]))
        const page = toPage(rows, limit, (row) => byId.get(row.id))
        return { data: page.data.filter((webhook) => webhook !== undefined), next_cursor: page.next_cursor }
      },
    )

    app.get(
      '/webhooks/:id',
      {
        schema: {
          operationId: 'getWebhook',
          summary: 'Read a webhook',
          tags,
          params,
          response: { 200: webhookRead, ...problems('not_found') },
        },
      },
      async (request, reply) => answer(reply, await existing(ctx, request.params.id)),
    )

    app.patch(
      '/webhooks/:id',
      {
        schema: {
          operationId: 'changeWebhook',
          summary: 'Change a webhook',
          description:
            'JSON Merge Patch: an absent member keeps, null clears. `headers` is the whole new list; an item without ' +
            '`value` keeps the stored value of that name. When the scheme, host or port of the endpoint URL changes, ' +
            'every header value must be given again. The type cannot be changed.',
          tags,
          params,
          body: webhookChange,
          response: {
            200: webhookRead,
            ...problems('invalid_json', 'not_found', 'precondition_failed', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const row = await existing(ctx, request.params.id)
        requireMatch(request, row.version)
        const fields = await fieldsOfChange(ctx, await openWebhook(ctx, row), request.body)
        const changed = await updateWebhook(ctx, row, fields, actorOf(principalOf(request)))
        if (!changed) throw changedMeanwhile()
        webhooks.forget(row.id)
        return answer(reply, changed)
      },
    )

    app.post(
      '/webhooks/:id/rotate-signing-secret',
      {
        schema: {
          operationId: 'rotateSigningSecret',
          summary: 'Replace the signing secret',
          description:
            'For `overlap_seconds` both the old and the new key sign, so that the receiver can change over in between. ' +
            'The answer shows the new secret; no later one does. An Ed25519 key is replaced with it.',
          tags,
          params,
          body: rotateSigningSecret,
          response: {
            200: webhookCreated,
            ...problems('invalid_json', 'not_found', 'precondition_failed', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const row = await existing(ctx, request.params.id)
        requireMatch(request, row.version)
        const { overlap_seconds, signing_secret } = request.body
        const secret = signing_secret ?? newSigningSecret()
        await rotateSigningKeys(ctx, row, {
          secret: readSigningSecret(secret, '/signing_secret'),
          overlapSeconds: overlap_seconds,
          actor: actorOf(principalOf(request)),
        })
        webhooks.forget(row.id)
        return { ...(await answer(reply, await existing(ctx, row.id))), signing_secret: secret }
      },
    )

    app.post(
      '/webhooks/:id/reset-circuit',
      {
        schema: {
          operationId: 'resetCircuit',
          summary: 'Close the circuit breaker of a webhook',
          description: 'For when the receiver is mended and the next probe need not be waited for.',
          tags,
          params,
          body: emptyBody,
          response: { 200: webhookRead, ...problems('invalid_json', 'not_found', 'validation_failed') },
        },
      },
      async (request, reply) => {
        const row = await existing(ctx, request.params.id)
        await circuits.reset(row.id, actorOf(principalOf(request)))
        return answer(reply, row)
      },
    )

    app.delete(
      '/webhooks/:id',
      {
        schema: {
          operationId: 'deleteWebhook',
          summary: 'Delete a webhook',
          description:
            'Refused while something uses it. Deliveries of the past stay readable; its secrets are forgotten.',
          tags,
          params,
          response: { 204: z.undefined(), ...problems('not_found', 'webhook_in_use', 'precondition_failed') },
        },
      },
      async (request, reply) => {
        const row = await existing(ctx, request.params.id)
        requireMatch(request, row.version)
        const usages = await usagesOf(ctx, row.id, usesElsewhere)
        if (usages.length > 0) throw new ProblemError('webhook_in_use', usages.join(' '))
        if (!(await archiveWebhook(ctx, row, actorOf(principalOf(request))))) throw changedMeanwhile()
        webhooks.forget(row.id)
        reply.code(204)
      },
    )
  }
}

async function existing(ctx: Context, id: string): Promise<WebhookRow> {
  const row = await findWebhookRow(ctx, id)
  if (!row) throw notFound('webhook')
  return row
}

function changedMeanwhile(): ProblemError {
  return new ProblemError('precondition_failed', 'Read it again and repeat the change if it is still wanted.')
}
