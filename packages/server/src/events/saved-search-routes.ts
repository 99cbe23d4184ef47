import {
  savedSearchChange,
  savedSearchCreate,
  savedSearchListQuery,
  savedSearchPage,
  savedSearchRead,
} from '@keyhook/contract/api/saved-search.ts'
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { etagOf, requireMatch } from '../http/etag.ts'
import { creationHeaders, creationProblems, makeOnce, takeKey } from '../http/make-once.ts'
import { type Principal, principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import {
  deleteSearch,
  findOwnSearch,
  findSearch,
  insertSearch,
  listSavedSearches,
  readSearch,
  type SavedSearchRow,
  updateSearch,
} from './saved-search-store.ts'

const tags = ['Events']
const params = z.object({ id: z.string().max(100) })

/** Searches of the activity log that are kept. They change nothing that is governed, so they are no entries of the log. */
export function savedSearchRoutes(ctx: Context): FastifyPluginAsyncZod {
  const answer = (reply: FastifyReply, row: SavedSearchRow, principal: Principal) => {
    reply.header('etag', etagOf(row.version))
    return readSearch(row, principal)
  }

  return async (app) => {
    app.get(
      '/saved-searches',
      {
        schema: {
          operationId: 'listSavedSearches',
          summary: 'List the saved searches of the activity log: your own, and those that others share',
          tags,
          querystring: savedSearchListQuery,
          response: { 200: savedSearchPage, ...problems('validation_failed') },
        },
      },
      async (request) => {
        const { limit, cursor } = request.query
        const principal = principalOf(request)
        const rows = await listSavedSearches(ctx, principal, { after: decodeCursor(cursor), limit })
        return toPage(rows, limit, (row) => readSearch(row, principal))
      },
    )

    app.post(
      '/saved-searches',
      {
        schema: {
          operationId: 'createSavedSearch',
          summary: 'Save a search of the activity log',
          tags,
          headers: creationHeaders,
          body: savedSearchCreate,
          response: {
            201: savedSearchRead,
            ...problems(...creationProblems, 'invalid_json', 'validation_failed', 'too_many_requests'),
          },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request)
        const row = await makeOnce(ctx, request, reply, {
          again: ({ id }) => findSearch(ctx, principal, id),
          make: (key) =>
            ctx.db.transaction().execute(async (tx) => {
              const made = await insertSearch(tx, ctx.clock(), principal, request.body)
              await takeKey(ctx, tx, key, made)
              return made
            }),
        })
        reply.code(201)
        return answer(reply, row, principal)
      },
    )

    app.patch(
      '/saved-searches/:id',
      {
        schema: {
          operationId: 'changeSavedSearch',
          summary: 'Change a saved search of your own',
          description: 'JSON Merge Patch: an absent member keeps. `filters` are replaced as a whole.',
          tags,
          params,
          body: savedSearchChange,
          response: {
            200: savedSearchRead,
            ...problems('invalid_json', 'not_found', 'precondition_failed', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request)
        const row = await ctx.db.transaction().execute(async (tx) => {
          const own = await findOwnSearch(tx, principal, request.params.id)
          if (!own) throw notFound('saved search')
          requireMatch(request, own.version)
          return updateSearch(tx, ctx.clock(), own, request.body)
        })
        return answer(reply, row, principal)
      },
    )

    app.delete(
      '/saved-searches/:id',
      {
        schema: {
          operationId: 'deleteSavedSearch',
          summary: 'Delete a saved search of your own',
          tags,
          params,
          response: { 204: z.undefined(), ...problems('not_found', 'precondition_failed') },
        },
      },
      async (request, reply) => {
        await ctx.db.transaction().execute(async (tx) => {
          const own = await findOwnSearch(tx, principalOf(request), request.params.id)
          if (!own) throw notFound('saved search')
          requireMatch(request, own.version)
          await deleteSearch(tx, own)
        })
        return reply.code(204).send()
      },
    )
  }
}
