import { principalList, principalQuery } from '@keyhook/contract/api/principal.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Kysely } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { activeUsers } from '../directory/user-search.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { escapeLike } from './app-store.ts'
import { callerOf } from './caller.ts'
import { findPrincipals } from './people.ts'

type Search = { q: string; limit: number }

/** Users and groups by name, for settings that name them. */
export function principalRoutes(ctx: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/principals',
      {
        schema: {
          operationId: 'listPrincipals',
          summary: 'Find users and groups by name, or their names by id',
          description:
            'What settings such as the approvers of an app can name. Groups are found by administrators and app admins.',
          tags: ['Users'],
          querystring: principalQuery,
          response: { 200: principalList, ...problems('validation_failed') },
        },
      },
      async (request) => {
        const { q = '', ids, kind, limit } = request.query
        const caller = await callerOf(ctx, principalOf(request))
        const kinds = caller.admin || caller.adminOf.length > 0 ? ['user', 'group'] : ['user']
        const asked = kinds.filter((one) => kind === undefined || kind === one)
        const wanted = ids?.filter((id) => /^(?:usr|grp)_/.test(id)) ?? [
          ...(asked.includes('group') ? await groupIds(ctx.db, { q, limit }) : []),
          ...(asked.includes('user') ? await userIds(ctx.db, { q, limit }) : []),
        ]
        const found = await findPrincipals(ctx.db, wanted)
        const data = wanted.flatMap((id) => found.get(id) ?? [])
        return { data: data.filter((principal) => asked.includes(principal.kind)) }
      },
    )
  }
}

async function userIds(db: Kysely<Tables>, search: Search): Promise<string[]> {
  const rows = await activeUsers(db, search).clearSelect().select('id').execute()
  return rows.map(({ id }) => id)
}

async function groupIds(db: Kysely<Tables>, { q, limit }: Search): Promise<string[]> {
  let query = db.selectFrom('groups').select('id')
  if (q !== '') query = query.where('name', 'ilike', `%${escapeLike(q)}%`)
  const rows = await query.orderBy('name').orderBy('id').limit(limit).execute()
  return rows.map(({ id }) => id)
}
