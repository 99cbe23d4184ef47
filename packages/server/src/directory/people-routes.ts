import { colleaguePage, peopleQuery } from '@keyhook/contract/api/user.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Context } from '../context.ts'
import { problems } from '../http/problem-responses.ts'
import { readColleague } from './user-read.ts'
import { activeUsers } from './user-search.ts'

/** Colleagues, for everyone who chooses one: whom access is for, who approves. */
export function peopleRoutes(ctx: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/people',
      {
        schema: {
          operationId: 'searchPeople',
          summary: 'Find a colleague',
          description:
            'Active users by name, in alphabetical order. For a shorter list say more of the name.',
          tags: ['Users'],
          querystring: peopleQuery,
          response: { 200: colleaguePage, ...problems('validation_failed') },
        },
      },
      async ({ query: { q, limit } }) => {
        const rows = await activeUsers(ctx.db, { q, limit }).execute()
        return { data: rows.map(readColleague), next_cursor: null }
      },
    )
  }
}
