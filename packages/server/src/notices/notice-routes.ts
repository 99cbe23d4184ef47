import { emptyBody } from '@keyhook/contract/api/list.ts'
import {
  mailTest,
  type NoticeRead,
  noticeListQuery,
  noticePage,
  noticeRead,
  noticeTestRead,
} from '@keyhook/contract/api/notice.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, ProblemError } from '../lib/problem-error.ts'
import type { NoticeRow } from './notice-send.ts'
import { exampleNotice, noticeTemplates } from './notice-templates.ts'
import { renderNotice } from './notice-text.ts'
import type { Notices } from './notices.ts'

const tags = ['Notices']
const params = z.object({ id: z.string().max(100) })

/** What was sent, what failed, and trying mail. */
export function noticeRoutes(ctx: Context, notices: Notices): FastifyPluginAsyncZod {
  async function read(rows: readonly NoticeRow[]): Promise<NoticeRead[]> {
    const of = (pick: (row: NoticeRow) => string | null) => [
      ...new Set(rows.flatMap((row) => pick(row) ?? [])),
      '',
    ]
    const users = await ctx.db
      .selectFrom('users')
      .select(['id', 'email', 'given_name', 'family_name'])
      .where(
        'id',
        'in',
        of(({ user_id }) => user_id),
      )
      .execute()
    const channels = await ctx.db
      .selectFrom('notice_channels')
      .select(['id', 'name'])
      .where(
        'id',
        'in',
        of(({ channel_id }) => channel_id),
      )
      .execute()
    return rows.map((row) => {
      const user = users.find(({ id }) => id === row.user_id)
      const name = user ? `${user.given_name} ${user.family_name}`.trim() || user.email : ''
      const { subject } = renderNotice({
        kind: row.kind,
        data: row.data,
        name,
        words: { subject: noticeTemplates[row.kind].subject },
        baseUrl: ctx.baseUrl(),
      })
      return {
        id: row.id,
        kind: row.kind,
        channel: row.channel,
        status: row.status,
        to: user ? { id: user.id, name, email: user.email } : null,
        channel_name: channels.find(({ id }) => id === row.channel_id)?.name ?? null,
        subject,
        access_request_id: row.request_id,
        attempts: row.attempts,
        last_error: row.last_error,
        next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
        created_at: row.created_at.toISOString(),
        sent_at: row.sent_at?.toISOString() ?? null,
      }
    })
  }

  return async (app) => {
    app.get(
      '/notices',
      {
        schema: {
          operationId: 'listNotices',
          summary: 'List what people were told, the newest first',
          tags,
          querystring: noticeListQuery,
          response: { 200: noticePage, ...problems('validation_failed') },
        },
      },
      async ({ query: { limit, cursor, status, kind, user_id } }) => {
        const after = decodeCursor(cursor)
        let query = ctx.db
          .selectFrom('notices')
          .selectAll()
          .orderBy('id', 'desc')
          .limit(limit + 1)
        if (status !== undefined) query = query.where('status', '=', status)
        if (kind !== undefined) query = query.where('kind', '=', kind)
        if (user_id !== undefined) query = query.where('user_id', '=', user_id)
        if (after !== null) query = query.where('id', '<', after)
        const rows = await query.execute()
        return { ...toPage(rows, limit, () => null), data: await read(rows.slice(0, limit)) }
      },
    )

    app.post(
      '/notices/:id/send-again',
      {
        schema: {
          operationId: 'sendNoticeAgain',
          summary: 'Send a notice that failed again',
          tags,
          params,
          body: emptyBody,
          response: {
            200: noticeRead,
            ...problems('invalid_json', 'not_found', 'request_state_conflict', 'validation_failed'),
          },
        },
      },
      async (request) => {
        const { id } = request.params
        const row = await ctx.db
          .updateTable('notices')
          .set({ status: 'waiting', attempts: 0, next_attempt_at: new Date(ctx.clock()) })
          .where('id', '=', id)
          .where('status', '=', 'failed')
          .returningAll()
          .executeTakeFirst()
        if (row) return (await read([row]))[0] as NoticeRead
        const found = await ctx.db
          .selectFrom('notices')
          .select('status')
          .where('id', '=', id)
          .executeTakeFirst()
        if (!found) throw notFound('notice')
        throw new ProblemError(
          'request_state_conflict',
          `The notice is ${found.status}: only failed ones are sent again.`,
          {
            state: { status: found.status, allowed: [] },
          },
        )
      },
    )

    app.post(
      '/notices/test-mail',
      {
        schema: {
          operationId: 'sendTestMail',
          summary: 'Send an example by mail at once',
          tags,
          body: mailTest,
          response: { 200: noticeTestRead, ...problems('invalid_json', 'validation_failed') },
        },
      },
      async ({ body: { to } }) => {
        if (!notices.mailer)
          return {
            ok: false,
            detail: 'No mail is set up: the operator sets KEYHOOK_SMTP_URL and KEYHOOK_MAIL_FROM.',
          }
        const example = renderNotice({
          kind: 'approval_asked',
          data: exampleNotice,
          name: '',
          baseUrl: ctx.baseUrl(),
        })
        const subject = `Test from Keyhook: ${example.subject}`
        const sent = await notices.mailer.send(
          { name: '', address: to },
          { ...example, subject },
          `test:${ctx.clock()}`,
        )
        return { ok: sent.ok, detail: sent.detail }
      },
    )
  }
}
