import { emptyBody } from '@keyhook/contract/api/list.ts'
import {
  mailTest,
  noticeListQuery,
  noticePage,
  noticeRead,
  noticeTestRead,
} from '@keyhook/contract/api/notice.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { toPage } from '../http/cursor.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { newId } from '../lib/ids.ts'
import { notFound, ProblemError } from '../lib/problem-error.ts'
import { sendAgain } from './notice-claims.ts'
import { listNotices, readNotices } from './notice-read.ts'
import { exampleNotice } from './notice-templates.ts'
import { renderNotice } from './notice-text.ts'
import type { Notices } from './notices.ts'

const tags = ['Notices']
const params = z.object({ id: z.string().max(100) })

/** What was sent, what failed, and trying mail. */
export function noticeRoutes(ctx: Context, { mailer }: Notices): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/notices',
      {
        schema: {
          operationId: 'listNotices',
          summary: 'List what people were told, the newest first',
          description: 'What was sent or failed is kept for 90 days.',
          tags,
          querystring: noticeListQuery,
          response: { 200: noticePage, ...problems('validation_failed') },
        },
      },
      async ({ query }) => {
        const rows = await listNotices(ctx, query)
        const data = await readNotices(ctx, rows.slice(0, query.limit))
        return { ...toPage(rows, query.limit, () => null), data }
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
        const { row, again } = await sendAgain(ctx, request.params.id, actorOf(principalOf(request)))
        const [notice] = row ? await readNotices(ctx, [row]) : []
        if (!notice) throw notFound('notice')
        if (again) return notice
        const { status } = notice
        throw new ProblemError('request_state_conflict', 'Only what failed is sent again.', {
          state: { status, allowed: [] },
        })
      },
    )

    app.post(
      '/notices/test-mail',
      {
        schema: {
          operationId: 'sendTestMail',
          summary: 'Send an example by mail at once',
          description: 'Answers with what the mail server said.',
          tags,
          body: mailTest,
          response: { 200: noticeTestRead, ...problems('invalid_json', 'validation_failed') },
        },
      },
      async ({ body: { to } }) => {
        if (!mailer) {
          const detail = 'No mail is set up: the operator sets KEYHOOK_SMTP_URL and KEYHOOK_MAIL_FROM.'
          return { ok: false, detail }
        }
        const example = renderNotice({
          kind: 'approval_asked',
          data: exampleNotice,
          name: '',
          baseUrl: ctx.baseUrl(),
        })
        const mail = { ...example, subject: `Test from Keyhook: ${example.subject}` }
        const { ok, detail } = await mailer.send({ name: '', address: to }, mail, newId('ntc', ctx.clock()))
        return { ok, detail }
      },
    )
  }
}
