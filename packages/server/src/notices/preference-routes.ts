import {
  type NoticePreferencesRead,
  noticePreferencesChange,
  noticePreferencesRead,
} from '@keyhook/contract/api/notice.ts'
import { noticeGroups } from '@keyhook/contract/notice-words.ts'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Context } from '../context.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import { requireChatUrl } from './chat-sender.ts'
import { chatUrlPlace } from './notice-secrets.ts'

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
    const row = await ctx.db
      .selectFrom('notice_preferences')
      .selectAll()
      .where('user_id', '=', id)
      .executeTakeFirst()
    const choices = Object.fromEntries(
      noticeGroups.map((group) => [group, row?.choices[group] ?? 'mail']),
    ) as Pick<NoticePreferencesRead, (typeof noticeGroups)[number]>
    return {
      ...choices,
      chat: row?.chat_kind && row.chat_host ? { kind: row.chat_kind, host: row.chat_host } : null,
      mail_available: ctx.config.mail !== null,
      email,
    }
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
          description: 'An absent member keeps. `chat: null` forgets the address of the own chat.',
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
        const { chat, ...choices } = request.body
        const host = chat ? await requireChatUrl(ctx, chat.url, '/chat/url') : null
        const sealed = chat && ctx.secretBox.seal(chatUrlPlace(person.id), Buffer.from(chat.url))
        await ctx.db.transaction().execute(async (tx) => {
          const before = await tx
            .selectFrom('notice_preferences')
            .selectAll()
            .where('user_id', '=', person.id)
            .forUpdate()
            .executeTakeFirst()
          const all = JSON.stringify({ ...before?.choices, ...choices })
          const values = {
            choices: all,
            chat_kind: chat === undefined ? (before?.chat_kind ?? null) : (chat?.kind ?? null),
            chat_host: chat === undefined ? (before?.chat_host ?? null) : host,
            sealed_chat_url: chat === undefined ? (before?.sealed_chat_url ?? null) : (sealed ?? null),
          }
          await tx
            .insertInto('notice_preferences')
            .values({ user_id: person.id, ...values })
            .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values))
            .execute()
        })
        return read(person)
      },
    )
  }
}
