import {
  accessReviewChange,
  accessReviewCreate,
  accessReviewListQuery,
  accessReviewPage,
  accessReviewPreview,
  accessReviewRead,
  reviewCancel,
  reviewSignOff,
} from '@keyhook/contract/api/access-review.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { callerOf } from '../apps/caller.ts'
import type { Context } from '../context.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { etagOf, requireMatch } from '../http/etag.ts'
import { creationHeaders, creationProblems, makeOnce } from '../http/make-once.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import { changeReview } from './review-change.ts'
import { createReview, previewReview, requireReviewable } from './review-create.ts'
import { cancelReview, signOff } from './review-end.ts'
import { listReviews } from './review-list.ts'
import { maySeeReview, readReview, readReviewSummaries } from './review-read.ts'
import { findReview } from './review-store.ts'
import type { Reviews } from './reviews.ts'

const tags = ['Access reviews']
const params = z.object({ id: z.string().max(100) })

/** Reviews as a whole: administrators make and end them, reviewers see those that ask them. */
export function reviewRoutes(ctx: Context, reviews: Reviews): FastifyPluginAsyncZod {
  async function answer(request: FastifyRequest, reply: FastifyReply, id: string) {
    const caller = await callerOf(ctx, principalOf(request))
    const row = await findReview(ctx.db, id)
    if (!row || !(await maySeeReview(ctx, caller, row))) throw notFound('access review')
    reply.header('etag', etagOf(row.version))
    return readReview(ctx, caller, row)
  }

  return async (app) => {
    app.get(
      '/access-reviews',
      {
        schema: {
          operationId: 'listAccessReviews',
          summary: 'List access reviews, the newest first',
          description: 'Administrators see all, others those that ask or asked them about something.',
          tags,
          querystring: accessReviewListQuery,
          response: { 200: accessReviewPage, ...problems('validation_failed') },
        },
      },
      async (request) => {
        const caller = await callerOf(ctx, principalOf(request))
        const { limit, cursor, status, assigned } = request.query
        const rows = await listReviews(ctx, caller, { status, assigned, after: decodeCursor(cursor), limit })
        const data = await readReviewSummaries(ctx, caller, rows.slice(0, limit))
        return { ...toPage(rows, limit, () => null), data }
      },
    )

    app.post(
      '/access-reviews',
      {
        schema: {
          operationId: 'createAccessReview',
          summary: 'Review access',
          description:
            'Asks reviewers to keep or remove the access that people have now. With `dry_run`, only says how much that is. ' +
            'A large review is `preparing` for a moment before it is `open`.',
          tags,
          headers: creationHeaders,
          body: accessReviewCreate,
          response: {
            200: accessReviewPreview,
            201: accessReviewRead,
            ...problems(...creationProblems, 'invalid_json', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const { body } = request
        if (body.dry_run) {
          await requireReviewable(ctx, body)
          return previewReview(ctx, body)
        }
        const { id } = await makeOnce(ctx, request, reply, {
          again: async ({ id }) => (await findReview(ctx.db, id)) ?? null,
          async make(key) {
            await requireReviewable(ctx, body)
            return createReview(ctx, principalOf(request), body, key)
          },
        })
        await reviews.prepare(id)
        reply.code(201).header('location', `/api/v1/access-reviews/${id}`)
        return answer(request, reply, id)
      },
    )

    app.get(
      '/access-reviews/:id',
      {
        schema: {
          operationId: 'getAccessReview',
          summary: 'Read an access review and how far it is',
          tags,
          params,
          response: { 200: accessReviewRead, ...problems('not_found') },
        },
      },
      (request, reply) => answer(request, reply, request.params.id),
    )

    app.patch(
      '/access-reviews/:id',
      {
        schema: {
          operationId: 'changeAccessReview',
          summary: 'Change an open access review',
          description: 'JSON Merge Patch. What is reviewed and who is asked stay as they are.',
          tags,
          params,
          body: accessReviewChange,
          response: {
            200: accessReviewRead,
            ...problems(
              'invalid_json',
              'not_found',
              'review_state_conflict',
              'precondition_failed',
              'validation_failed',
            ),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params
        await changeReview(ctx, principalOf(request), id, request.body, ({ version }) =>
          requireMatch(request, version),
        )
        return answer(request, reply, id)
      },
    )

    app.post(
      '/access-reviews/:id/close',
      {
        schema: {
          operationId: 'closeAccessReview',
          summary: 'Sign an access review off',
          description:
            'Ends it if it is still open, and freezes it. What was decided to be removed is removed. Refused while something ' +
            'is undecided, unless `apply_default` is sent.',
          tags,
          params,
          body: reviewSignOff,
          response: {
            200: accessReviewRead,
            ...problems('invalid_json', 'not_found', 'review_state_conflict', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const { comment = null, apply_default = false } = request.body ?? {}
        await signOff(ctx, principalOf(request), request.params.id, { comment, apply_default })
        return answer(request, reply, request.params.id)
      },
    )

    app.post(
      '/access-reviews/:id/cancel',
      {
        schema: {
          operationId: 'cancelAccessReview',
          summary: 'Cancel an access review',
          description: 'Nothing that was decided is carried out.',
          tags,
          params,
          body: reviewCancel,
          response: {
            200: accessReviewRead,
            ...problems('invalid_json', 'not_found', 'review_state_conflict', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const { reason = null } = request.body ?? {}
        await cancelReview(ctx, principalOf(request), request.params.id, reason)
        return answer(request, reply, request.params.id)
      },
    )
  }
}
