import { emptyBody, pageQuery } from '@keyhook/contract/api/list.ts'
import {
  noticeChannelChange,
  noticeChannelCreate,
  noticeChannelPage,
  noticeChannelRead,
  noticeTestRead,
} from '@keyhook/contract/api/notice.ts'
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { etagOf, requireMatch } from '../http/etag.ts'
import { creationHeaders, creationProblems, makeOnce } from '../http/make-once.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import {
  type ChannelRow,
  changeChannel,
  createChannel,
  deleteChannel,
  findChannel,
  readChannel,
} from './channel-store.ts'
import { postToChat } from './chat-sender.ts'
import { openChannelUrl } from './notice-secrets.ts'
import { exampleNotice } from './notice-templates.ts'
import { renderNotice } from './notice-text.ts'

const tags = ['Notices']
const params = z.object({ id: z.string().max(100) })

/** Chats of teams that hear of work for administrators and app admins. */
export function channelRoutes(ctx: Context): FastifyPluginAsyncZod {
  async function existing(id: string): Promise<ChannelRow> {
    const row = await findChannel(ctx, id)
    if (!row) throw notFound('notice channel')
    return row
  }

  function answer(reply: FastifyReply, row: ChannelRow) {
    reply.header('etag', etagOf(row.version))
    return readChannel(row)
  }

  return async (app) => {
    app.post(
      '/notice-channels',
      {
        schema: {
          operationId: 'createNoticeChannel',
          summary: 'Add a chat that hears of work',
          tags,
          headers: creationHeaders,
          body: noticeChannelCreate,
          response: {
            201: noticeChannelRead,
            ...problems(...creationProblems, 'invalid_json', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const actor = actorOf(principalOf(request))
        const row = await makeOnce(ctx, request, reply, {
          again: ({ id }) => findChannel(ctx, id),
          make: (key) => createChannel(ctx, request.body, { actor, key }),
        })
        reply.code(201).header('location', `/api/v1/notice-channels/${row.id}`)
        return answer(reply, row)
      },
    )

    app.get(
      '/notice-channels',
      {
        schema: {
          operationId: 'listNoticeChannels',
          summary: 'List chats that hear of work, the newest first',
          tags,
          querystring: z.strictObject(pageQuery),
          response: { 200: noticeChannelPage, ...problems('validation_failed') },
        },
      },
      async ({ query: { limit, cursor } }) => {
        const after = decodeCursor(cursor)
        let query = ctx.db
          .selectFrom('notice_channels')
          .selectAll()
          .orderBy('id', 'desc')
          .limit(limit + 1)
        if (after !== null) query = query.where('id', '<', after)
        return toPage(await query.execute(), limit, readChannel)
      },
    )

    app.get(
      '/notice-channels/:id',
      {
        schema: {
          operationId: 'getNoticeChannel',
          summary: 'Read a chat that hears of work',
          tags,
          params,
          response: { 200: noticeChannelRead, ...problems('not_found') },
        },
      },
      async (request, reply) => answer(reply, await existing(request.params.id)),
    )

    app.patch(
      '/notice-channels/:id',
      {
        schema: {
          operationId: 'changeNoticeChannel',
          summary: 'Change a chat that hears of work',
          description: 'Without `url`, the stored address stays.',
          tags,
          params,
          body: noticeChannelChange,
          response: {
            200: noticeChannelRead,
            ...problems('invalid_json', 'not_found', 'precondition_failed', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const row = await existing(request.params.id)
        requireMatch(request, row.version)
        return answer(reply, await changeChannel(ctx, row, request.body, actorOf(principalOf(request))))
      },
    )

    app.delete(
      '/notice-channels/:id',
      {
        schema: {
          operationId: 'deleteNoticeChannel',
          summary: 'Remove a chat that hears of work',
          tags,
          params,
          response: { 204: z.undefined(), ...problems('not_found', 'precondition_failed') },
        },
      },
      async (request, reply) => {
        const row = await existing(request.params.id)
        requireMatch(request, row.version)
        await deleteChannel(ctx, row, actorOf(principalOf(request)))
        reply.code(204)
      },
    )

    app.post(
      '/notice-channels/:id/test',
      {
        schema: {
          operationId: 'testNoticeChannel',
          summary: 'Post an example to a chat at once',
          tags,
          params,
          body: emptyBody,
          response: { 200: noticeTestRead, ...problems('invalid_json', 'not_found', 'validation_failed') },
        },
      },
      async (request) => {
        const row = await existing(request.params.id)
        const example = renderNotice({
          kind: 'approval_asked',
          data: exampleNotice,
          name: '',
          baseUrl: ctx.baseUrl(),
        })
        const chat = { kind: row.kind, url: openChannelUrl(ctx.secretBox, row) }
        const { ok, detail } = await postToChat(ctx, chat, {
          ...example,
          subject: `Test from Keyhook: ${example.subject}`,
        })
        return { ok, detail }
      },
    )
  }
}
