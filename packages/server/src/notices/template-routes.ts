import {
  noticeTemplateChange,
  noticeTemplateList,
  noticeTemplatePreview,
  noticeTemplateRead,
} from '@keyhook/contract/api/notice.ts'
import {
  type NoticeKind,
  noticeKinds,
  noticeKindTable,
  noticePlaceholders,
} from '@keyhook/contract/notice-words.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { type MemberError, notFound, validationFailed } from '../lib/problem-error.ts'
import { wordsOf } from './notice-send.ts'
import { exampleNotice, noticeTemplates } from './notice-templates.ts'
import { renderNotice, unknownPlaceholder } from './notice-text.ts'

const tags = ['Notices']
const params = z.object({ kind: z.string().max(100) })

/** The words of notices. */
export function templateRoutes(ctx: Context): FastifyPluginAsyncZod {
  function kindOf(text: string): NoticeKind {
    const kind = noticeKinds.find((known) => known === text)
    if (!kind) throw notFound('notice template')
    return kind
  }

  async function read(kind: NoticeKind) {
    const changed = await wordsOf(ctx, kind)
    const { subject, intro } = { ...noticeTemplates[kind], ...changed }
    return {
      kind,
      label: noticeKindTable[kind].label,
      subject,
      intro,
      changed: Object.keys(changed).length > 0,
    }
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
      async () => ({ data: await Promise.all(noticeKinds.map(read)) }),
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
        const words = await wordsOf(ctx, kind)
        const name = 'Grace Hopper'
        const notice = renderNotice({ kind, data: exampleNotice, name, words, baseUrl: ctx.baseUrl() })
        const { subject, text, html, body, action } = notice
        return { subject, text, html, chat: `${subject}\n${body}\n${action.label}: ${action.url}` }
      },
    )

    app.patch(
      '/notice-templates/:kind',
      {
        schema: {
          operationId: 'changeNoticeTemplate',
          summary: 'Change the words of a notice',
          description: 'null goes back to the words that came with Keyhook.',
          tags,
          params,
          body: noticeTemplateChange,
          response: {
            200: noticeTemplateRead,
            ...problems('invalid_json', 'not_found', 'validation_failed'),
          },
        },
      },
      async (request) => {
        const kind = kindOf(request.params.kind)
        const { body } = request
        const errors = (['subject', 'intro'] as const).flatMap((name) => errorsIn(name, body[name]))
        if (errors.length > 0) throw validationFailed(errors)
        const before = await read(kind)
        await ctx.db.transaction().execute(async (tx) => {
          await tx
            .insertInto('notice_templates')
            .values({ kind, subject: body.subject ?? null, intro: body.intro ?? null })
            .onConflict((conflict) => {
              const set = {
                ...(body.subject === undefined ? {} : { subject: body.subject }),
                ...(body.intro === undefined ? {} : { intro: body.intro }),
              }
              return Object.keys(set).length === 0
                ? conflict.doNothing()
                : conflict.column('kind').doUpdateSet(set)
            })
            .execute()
          await appendEvents(tx, ctx.clock(), [
            {
              type: 'ADMIN_UPDATED_NOTICE_TEMPLATE',
              actor: actorOf(principalOf(request)),
              targets: [{ type: 'NOTICE_TEMPLATE', data: { id: kind } }],
              metadata: { before: { subject: before.subject, intro: before.intro }, after: { ...body } },
            },
          ])
        })
        return read(kind)
      },
    )
  }
}

function errorsIn(name: 'subject' | 'intro', text: string | null | undefined): MemberError[] {
  if (text == null) return []
  const pointer = `/${name}`
  if (text.trim() === '')
    return [{ pointer, detail: 'Must not be empty. null takes the words that came with Keyhook.' }]
  if (name === 'subject' && /[\r\n]/.test(text)) return [{ pointer, detail: 'Must be one line.' }]
  const wrong = unknownPlaceholder(text)
  if (!wrong) return []
  const known = noticePlaceholders.map((placeholder) => `{{${placeholder}}}`).join(', ')
  return [
    {
      pointer,
      detail: `Line ${wrong.line}, column ${wrong.column}: there is no placeholder ${wrong.name}. There are ${known}.`,
    },
  ]
}
