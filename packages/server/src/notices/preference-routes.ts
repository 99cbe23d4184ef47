import {
  type NoticePreferencesRead,
  noticePreferencesChange,
  noticePreferencesRead,
} from '@keyhook/contract/api/notice.ts'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import { changePreferences, readPreferences } from './preference-store.ts'

const tags = ['Notices']

/** How people want to be told. */
export function preferenceRoutes(ctx: Context): FastifyPluginAsyncZod {
  /** Programs have no preferences. */
  function personOf(request: FastifyRequest): { id: string; email: string } {
    const { kind, id, email } = principalOf(request)
    if (kind !== 'session') throw notFound('person')
    return { id, email: email ?? '' }
  }

  async function read({ id, email }: { id: string; email: string }): Promise<NoticePreferencesRead> {
    return { ...(await readPreferences(ctx, id)), mail_available: ctx.config.mail !== null, email }
  }

  return async (app) => {
    app.get(
      '/me/notice-preferences',
      {
        schema: {
          operationId: 'getNoticePreferences',
          summary: 'Read how the caller wants to be told',
          tags,
          response: { 200: noticePreferencesRead, ...problems('not_found') },
        },
      },
      async (request) => read(personOf(request)),
    )

    app.patch(
      '/me/notice-preferences',
      {
        schema: {
          operationId: 'changeNoticePreferences',
          summary: 'Change how the caller wants to be told',
          description:
            'An absent member keeps. `chat: null` forgets the address of the own chat; what went there then goes by mail.',
          tags,
          body: noticePreferencesChange,
          response: {
            200: noticePreferencesRead,
            ...problems('invalid_json', 'not_found', 'validation_failed'),
          },
        },
      },
      async (request) => {
        const person = personOf(request)
        await changePreferences(ctx, person, request.body, actorOf(principalOf(request)))
        return read(person)
      },
    )
  }
}
