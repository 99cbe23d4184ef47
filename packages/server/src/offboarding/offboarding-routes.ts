import { emptyBody } from '@keyhook/contract/api/list.ts'
import { offboardingListQuery, offboardingPage, offboardingRead } from '@keyhook/contract/api/offboarding.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { startOffboarding } from '../directory/offboarding-start.ts'
import { deactivateUser } from '../directory/user-status.ts'
import { actorOf } from '../events/event.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { creationHeaders, creationProblems, makeOnce, takeKey } from '../http/make-once.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import { readOffboarding, readOffboardings } from './offboarding-read.ts'
import { findOffboarding, listOffboardings } from './offboarding-store.ts'

const tags = ['Offboarding']
const params = z.object({ id: z.string().max(100) })

/** Somebody leaves: begin it, and see how far it is. */
export function offboardingRoutes(ctx: Context): FastifyPluginAsyncZod {
  async function read(id: string) {
    const row = await findOffboarding(ctx.db, id)
    if (!row) throw notFound('offboarding')
    return readOffboarding(ctx, row)
  }

  return async (app) => {
    app.post(
      '/users/:id/offboard',
      {
        schema: {
          operationId: 'offboardUser',
          summary: 'Deactivate a user and end all their access',
          description:
            'As deactivating does, by hand, by CSV or by SCIM. Answers 200 with the offboarding that is under way when there is ' +
            'one. Of a user who is inactive already, access that is left is ended.',
          tags,
          params,
          headers: creationHeaders,
          body: emptyBody,
          response: {
            200: offboardingRead,
            201: offboardingRead,
            ...problems(
              ...creationProblems,
              'invalid_json',
              'not_found',
              'own_account',
              'last_administrator',
              'validation_failed',
            ),
          },
        },
      },
      async (request, reply) => {
        const { id: userId } = request.params
        const now = ctx.clock()
        const actor = actorOf(principalOf(request))
        const begun = await makeOnce(ctx, request, reply, {
          again: async ({ id }) => ({ id, known: false }),
          make: (key) =>
            ctx.db.transaction().execute(async (tx) => {
              const before = await listOffboardings(tx, { status: 'running', userId, after: null, limit: 1 })
              if (!(await deactivateUser(tx, now, userId, actor))) throw notFound('user')
              const id = await startOffboarding(tx, now, { userId, actor })
              const known = before.some((one) => one.id === id)
              if (!known) await takeKey(ctx, tx, key, { id })
              return { id, known }
            }),
        })
        if (!begun.known) reply.code(201).header('location', `/api/v1/offboardings/${begun.id}`)
        return read(begun.id)
      },
    )

    app.get(
      '/offboardings',
      {
        schema: {
          operationId: 'listOffboardings',
          summary: 'List offboardings, the newest first',
          tags,
          querystring: offboardingListQuery,
          response: { 200: offboardingPage, ...problems('validation_failed') },
        },
      },
      async ({ query }) => {
        const { limit, cursor, status, user_id } = query
        const after = decodeCursor(cursor)
        const rows = await listOffboardings(ctx.db, { status, userId: user_id, after, limit })
        const data = await readOffboardings(ctx, rows.slice(0, limit))
        return { ...toPage(rows, limit, () => null), data }
      },
    )

    app.get(
      '/offboardings/:id',
      {
        schema: {
          operationId: 'getOffboarding',
          summary: 'Read how far an offboarding is, and what a person must still do',
          tags,
          params,
          response: { 200: offboardingRead, ...problems('not_found') },
        },
      },
      ({ params: { id } }) => read(id),
    )
  }
}
