import { Readable } from 'node:stream'
import {
  reviewDecide,
  reviewDecideMany,
  reviewItemList,
  reviewItemListQuery,
  reviewItemPage,
  reviewItemRead,
} from '@keyhook/contract/api/access-review.ts'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Caller, callerOf } from '../apps/caller.ts'
import type { Context } from '../context.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import { decide, type Wanted } from './review-decide.ts'
import { listReviewItems } from './review-item-list.ts'
import { readReviewItems } from './review-item-read.ts'
import { maySeeReview } from './review-read.ts'
import { reportOf } from './review-report.ts'
import { findReview, type ReviewRow } from './review-store.ts'

const tags = ['Access reviews']
const params = z.object({ id: z.string().max(100) })
const itemParams = params.extend({ item_id: z.string().max(100) })

/** What a review is about, item by item: see it, decide about it, report it. */
export function reviewItemRoutes(ctx: Context): FastifyPluginAsyncZod {
  async function seen(request: FastifyRequest, id: string): Promise<{ caller: Caller; review: ReviewRow }> {
    const caller = await callerOf(ctx, principalOf(request))
    const review = await findReview(ctx.db, id)
    if (!review || !(await maySeeReview(ctx, caller, review))) throw notFound('access review')
    return { caller, review }
  }

  /** Stores decisions and reads the items as they are then, in the order of the decisions. */
  async function decided(request: FastifyRequest, id: string, wanted: readonly Wanted[], several: boolean) {
    const { caller, review } = await seen(request, id)
    await decide(ctx, caller, id, wanted, several)
    const ids = wanted.map(({ itemId }) => itemId)
    const rows = await ctx.db.selectFrom('access_review_items').selectAll().where('id', 'in', ids).execute()
    const items = await readReviewItems(ctx, caller, review, rows)
    return ids.flatMap((itemId) => items.find((item) => item.id === itemId) ?? [])
  }

  return async (app) => {
    app.get(
      '/access-reviews/:id/items',
      {
        schema: {
          operationId: 'listReviewItems',
          summary: 'List what an access review is about',
          description: 'Administrators see all of it, reviewers what they are asked about.',
          tags,
          params,
          querystring: reviewItemListQuery,
          response: { 200: reviewItemPage, ...problems('not_found', 'validation_failed') },
        },
      },
      async (request) => {
        const { caller, review } = await seen(request, request.params.id)
        const { limit, cursor, assigned, status, app_id, user_id, reviewer_id } = request.query
        const rows = await listReviewItems(ctx, caller, {
          reviewId: review.id,
          assigned,
          status,
          appId: app_id,
          userId: user_id,
          reviewerId: reviewer_id,
          after: decodeCursor(cursor),
          limit,
        })
        const data = await readReviewItems(ctx, caller, review, rows.slice(0, limit))
        return { ...toPage(rows, limit, () => null), data }
      },
    )

    app.post(
      '/access-reviews/:id/items/:item_id/decide',
      {
        schema: {
          operationId: 'decideReviewItem',
          summary: 'Keep or remove access under review',
          description:
            'For those who are asked about it, and administrators; nobody decides about their own access. It can be changed ' +
            'until the review ends; only then is anything removed.',
          tags,
          params: itemParams,
          body: reviewDecide,
          response: {
            200: reviewItemRead,
            ...problems(
              'invalid_json',
              'not_found',
              'own_access',
              'review_state_conflict',
              'validation_failed',
            ),
          },
        },
      },
      async (request) => {
        const { id, item_id: itemId } = request.params
        const [item] = await decided(request, id, [{ itemId, ...request.body }], false)
        if (!item) throw notFound('item of this review')
        return item
      },
    )

    app.post(
      '/access-reviews/:id/items/decide',
      {
        schema: {
          operationId: 'decideReviewItems',
          summary: 'Keep or remove several items of access under review',
          description: 'All of the decisions are stored, or none.',
          tags,
          params,
          body: reviewDecideMany,
          response: {
            200: reviewItemList,
            ...problems('invalid_json', 'not_found', 'review_state_conflict', 'validation_failed'),
          },
        },
      },
      async (request) => {
        const wanted = request.body.decisions.map(({ item_id: itemId, ...one }) => ({ itemId, ...one }))
        return { data: await decided(request, request.params.id, wanted, true) }
      },
    )

    app.get(
      '/access-reviews/:id/report.csv',
      {
        schema: {
          operationId: 'getReviewReport',
          summary: 'Read the report of an access review as CSV',
          description:
            'A row for each item: whose access, who decided what, when and why, and what became of it.',
          tags,
          params,
          response: {
            200: { content: { 'text/csv': { schema: z.any().describe('UTF-8, with a header') } } },
            ...problems('not_found'),
          },
        },
      },
      async (request, reply) => {
        const { caller, review } = await seen(request, request.params.id)
        const day = new Date(ctx.clock()).toISOString().slice(0, 10)
        return reply
          .header('content-type', 'text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="access-review-${day}.csv"`)
          .send(Readable.from(reportOf(ctx, caller, review)))
      },
    )
  }
}
