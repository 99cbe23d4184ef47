import { setTimeout as sleep } from 'node:timers/promises'
import { readOutcome } from '@keyhook/contract/read-outcome.ts'
import { verify } from '@keyhook/contract/signature.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, ProblemError } from '../lib/problem-error.ts'
import { redactOutcome } from './attempt.ts'
import { answerCallback, type CallbackRow, findCallback, openCallbackSecrets } from './callback-store.ts'
import { type DeliveryRow, findDelivery } from './delivery-store.ts'
import type { Engine } from './engine.ts'
import { redactionFor } from './redaction.ts'

const params = z.object({ token: z.string().max(200) })

/** A receiver may be faster with its callback than with the end of its first answer; so long this waits for that. */
const earlyMs = 2_000
const lookEveryMs = 50

/** The one-time addresses for late answers. Whoever has the token may answer; nobody learns anything from a wrong one. */
export function callbackRoutes(
  ctx: Context,
  { callbackTokens, webhooks, waits }: Engine,
): FastifyPluginAsyncZod {
  async function awaited(id: string): Promise<DeliveryRow> {
    const until = performance.now() + earlyMs
    for (;;) {
      const delivery = await findDelivery(ctx, id)
      if (!delivery) throw notFound('callback')
      if (delivery.status !== 'sending' || performance.now() >= until) return delivery
      await sleep(lookEveryMs)
    }
  }

  return async (app) => {
    // Read as bytes: the answer is read by the same rules as one that came at once, and a signature is over bytes.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    app.post(
      '/callbacks/:token',
      {
        config: { public: true },
        schema: {
          operationId: 'answerLater',
          summary: "Give a receiver's late answer",
          description:
            'The body is what the receiver would have answered at once, for example `{"response": true}`. The token in ' +
            'the address is enough; a Standard Webhooks signature is checked when there is one. Works once.',
          tags: ['Callbacks'],
          security: [],
          params,
          body: z
            .unknown()
            .describe('What the receiver would have answered at once')
            .meta({
              examples: [{ response: true }, { response: false, message: 'Ask for less.' }],
            }),
          response: {
            204: z.undefined(),
            ...problems(
              'not_found',
              'callback_too_early',
              'callback_already_answered',
              'callback_expired',
              'callback_unreadable',
              'body_too_large',
            ),
          },
        },
      },
      async (request, reply) => {
        const id = callbackTokens.read(request.params.token)
        if (id === null) throw notFound('callback')
        const delivery = await awaited(id)
        const webhook = delivery.webhook_id === null ? null : await webhooks.find(delivery.webhook_id)
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        refuseForged(ctx, request.headers, webhook?.signingKeys.secrets ?? [], body)
        const callback = await requireOpen(ctx, delivery)
        const redaction = redactionFor(webhook, openCallbackSecrets(ctx, callback))
        const answer = {
          status: 200,
          headers: [['content-type', request.headers['content-type'] ?? 'application/json'] as const],
          body,
        }
        const read = redactOutcome(readOutcome(delivery.webhook_type, answer, redaction.text), redaction)
        if (read.status === 'failed') {
          throw new ProblemError(
            'callback_unreadable',
            `${read.explanation.replace(/^The endpoint answered 200/, 'The callback came')} Nothing was changed; send it again.`,
          )
        }
        if (!(await answerCallback(ctx, id, read, redaction.body(body, false)))) {
          const now = await findDelivery(ctx, id)
          if (now) await requireOpen(ctx, now)
          throw alreadyAnswered()
        }
        waits.ended(id)
        return reply.code(204).send()
      },
    )
  }
}

/** The callback that is waited for. Throws what a late, second or early one is told. */
async function requireOpen(ctx: Context, delivery: DeliveryRow): Promise<CallbackRow> {
  const callback = await findCallback(ctx, delivery.id)
  if (callback?.received_at) throw alreadyAnswered()
  if (callback && (callback.closed_at || callback.deadline_at.getTime() <= ctx.clock())) {
    throw new ProblemError(
      'callback_expired',
      'The answer was due earlier; the delivery has ended without it.',
    )
  }
  if (callback && delivery.status === 'awaiting_callback') return callback
  if (delivery.status === 'sending') {
    throw new ProblemError(
      'callback_too_early',
      'Answer the delivery itself first, with 202 and {"callback": true}; then send the callback again.',
      { headers: { 'retry-after': '1' } },
    )
  }
  throw alreadyAnswered()
}

function alreadyAnswered(): ProblemError {
  return new ProblemError('callback_already_answered', 'The delivery has ended; this answer changed nothing.')
}

function refuseForged(
  ctx: Context,
  headers: Record<string, unknown>,
  secrets: readonly Uint8Array[],
  body: Uint8Array,
): void {
  if (headers['webhook-signature'] === undefined) return
  const text = (name: string) => (typeof headers[name] === 'string' ? (headers[name] as string) : undefined)
  const verified = verify(
    secrets,
    {
      'webhook-id': text('webhook-id'),
      'webhook-timestamp': text('webhook-timestamp'),
      'webhook-signature': text('webhook-signature'),
    },
    body,
    Math.floor(ctx.clock() / 1000),
  )
  // As if there were no such callback: whoever guesses must not learn which half was right.
  if (!verified.ok) throw notFound('callback')
}
