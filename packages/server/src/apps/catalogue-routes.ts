import { catalogueEntry, cataloguePage, catalogueQuery } from '@keyhook/contract/api/app.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, validationFailed } from '../lib/problem-error.ts'
import { callerOf } from './caller.ts'
import { categoriesFor, findCatalogueEntry, listCatalogue, readCatalogue } from './catalogue-list.ts'

const tags = ['Catalogue']

/** What people may request. */
export function catalogueRoutes(ctx: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/catalogue',
      {
        schema: {
          operationId: 'listCatalogue',
          summary: 'List what the caller may request, by name',
          tags,
          querystring: catalogueQuery,
          response: { 200: cataloguePage, ...problems('validation_failed') },
        },
      },
      async (request) => {
        const caller = await callerOf(ctx, principalOf(request))
        const { limit, cursor, q, category } = request.query
        const rows = await listCatalogue(ctx.db, caller, { q, category, after: decodeName(cursor), limit })
        const shown = rows.slice(0, limit)
        const last = shown.at(-1)
        return {
          data: await readCatalogue(ctx.db, caller, shown),
          next_cursor: rows.length > limit && last ? encodeName(last) : null,
          categories: await categoriesFor(ctx.db, caller),
        }
      },
    )

    app.get(
      '/catalogue/:id',
      {
        schema: {
          operationId: 'getCatalogueEntry',
          summary: 'Read what the form of a request needs',
          tags,
          params: z.object({ id: z.string().max(100) }),
          response: { 200: catalogueEntry, ...problems('not_found') },
        },
      },
      async (request) => {
        const caller = await callerOf(ctx, principalOf(request))
        const entry = await findCatalogueEntry(ctx.db, caller, request.params.id)
        if (!entry) throw notFound('app')
        return entry
      },
    )
  }
}

const position = z.tuple([z.string().max(100), z.string().max(100)])

function encodeName({ name, id }: { name: string; id: string }): string {
  return Buffer.from(JSON.stringify([name, id])).toString('base64url')
}

/** Throws 422 for what `encodeName` did not make. */
function decodeName(cursor: string | undefined): { name: string; id: string } | null {
  if (cursor === undefined) return null
  try {
    const [name, id] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { name, id }
  } catch {
    throw validationFailed([
      { pointer: '/query/cursor', detail: 'Use next_cursor of the page before, as it was given.' },
    ])
  }
}
