import {
  noticeTemplateChange,
  noticeTemplateList,
  noticeTemplatePreview,
  noticeTemplateRead,
} from '@keyhook/contract/api/notice.ts'
import { type NoticeKind, noticeKinds, noticePlaceholders } from '@keyhook/contract/notice-words.ts'
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { etagOf, requireMatch } from '../http/etag.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { type MemberError, notFound, validationFailed } from '../lib/problem-error.ts'
import { chatText } from './chat-message.ts'
import {
  changedWords,
  lockTemplates,
  readTemplate,
  versionOf,
  writeTemplate,
} from './notice-template-store.ts'
import { exampleNotice } from './notice-templates.ts'
import { renderNotice, unknownPlaceholder } from './notice-text.ts'

const tags = ['Notices']
const params = z.object({ kind: z.string().max(100) })

/** The words of notices. */
export function templateRoutes(ctx: Context): FastifyPluginAsyncZod {
  async function answer(reply: FastifyReply, kind: NoticeKind) {
    const template = readTemplate(kind, (await changedWords(ctx.db)).get(kind))
    reply.header('etag', etagOf(versionOf(template)))
    return template
  }

  return async (app) => {
    app.get(
      '/notice-templates',
      {
        schema: {
          operationId: 'listNoticeTemplates',
          summary: 'List the words of all notices',
          tags,
          response: { 200: noticeTemplateList, ...problems() },
        },
      },
      async () => {
        const words = await changedWords(ctx.db)
        return { data: noticeKinds.map((kind) => readTemplate(kind, words.get(kind))) }
      },
    )

    app.get(
      '/notice-templates/:kind',
      {
        schema: {
          operationId: 'getNoticeTemplate',
          summary: 'Read the words of a notice',
          tags,
          params,
          response: { 200: noticeTemplateRead, ...problems('not_found') },
        },
      },
      async (request, reply) => answer(reply, kindOf(request.params.kind)),
    )

    app.get(
      '/notice-templates/:kind/preview',
      {
        schema: {
          operationId: 'previewNoticeTemplate',
          summary: 'Read a notice as it would be sent, with an example',
          tags,
          params,
          response: { 200: noticeTemplatePreview, ...problems('not_found') },
        },
      },
      async (request) => {
        const kind = kindOf(request.params.kind)
        const words = (await changedWords(ctx.db)).get(kind)
        const name = 'Grace Hopper'
        const notice = renderNotice({ kind, data: exampleNotice, name, words, baseUrl: ctx.baseUrl() })
        const { subject, text, html } = notice
        return { subject, text, html, chat: chatText(notice) }
      },
    )

    app.patch(
      '/notice-templates/:kind',
      {
        schema: {
          operationId: 'changeNoticeTemplate',
          summary: 'Change the words of a notice',
          description: 'An absent member keeps; null goes back to the words that came with Keyhook.',
          tags,
          params,
          body: noticeTemplateChange,
          response: {
            200: noticeTemplateRead,
            ...problems('invalid_json', 'not_found', 'precondition_failed', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const kind = kindOf(request.params.kind)
        const { body } = request
        const errors = (['subject', 'intro'] as const).flatMap((name) => errorsIn(name, body[name]))
        if (errors.length > 0) throw validationFailed(errors)
        await ctx.db.transaction().execute(async (tx) => {
          await lockTemplates(tx)
          const before = readTemplate(kind, (await changedWords(tx)).get(kind))
          requireMatch(request, versionOf(before))
          await writeTemplate(tx, kind, body)
          const after = readTemplate(kind, (await changedWords(tx)).get(kind))
          if (versionOf(after) === versionOf(before)) return
          await appendEvents(tx, ctx.clock(), [
            {
              type: 'ADMIN_UPDATED_NOTICE_TEMPLATE',
              actor: actorOf(principalOf(request)),
              targets: [{ type: 'NOTICE_TEMPLATE', data: { id: kind, name: before.label } }],
              metadata: {
                before: { subject: before.subject, intro: before.intro },
                after: { subject: after.subject, intro: after.intro },
              },
            },
          ])
        })
        return answer(reply, kind)
      },
    )
  }
}

function kindOf(text: string): NoticeKind {
  const kind = noticeKinds.find((known) => known === text)
  if (!kind) throw notFound('notice template')
  return kind
}

function errorsIn(name: 'subject' | 'intro', text: string | null | undefined): MemberError[] {
  const wrong = text == null ? null : unknownPlaceholder(text)
  if (!wrong) return []
  const known = noticePlaceholders.map((placeholder) => `{{${placeholder}}}`).join(', ')
  const where = `Line ${wrong.line}, column ${wrong.column}`
  return [
    { pointer: `/${name}`, detail: `${where}: there is no placeholder ${wrong.name}. There are ${known}.` },
  ]
}
