/** Gets a notice ready to be sent: to whom, by which way, in which words. All of it as it is now. */
import type { Context } from '../context.ts'
import { nameOf } from '../directory/user.ts'
import { postToChat } from './chat-sender.ts'
import type { Mailer } from './mailer.ts'
import type { NoticeRow } from './notice-claims.ts'
import { linkPlace, openChannelUrl, openChatUrl } from './notice-secrets.ts'
import { whyOver } from './notice-still-true.ts'
import { changedWords } from './notice-template-store.ts'
import type { NoticeWords } from './notice-templates.ts'
import { type RenderedNotice, renderNotice } from './notice-text.ts'
import type { Sent } from './sent.ts'

export type Prepared = { readonly send: () => Promise<Sent> } | { readonly skip: string }

/** Throws `SecretBoxError` when a secret does not open. */
export async function prepareNotice(
  ctx: Context,
  mailer: Mailer | null,
  notice: NoticeRow,
): Promise<Prepared> {
  const over = await whyOver(ctx, notice)
  if (over !== null) return { skip: over }
  const words = (await changedWords(ctx.db)).get(notice.kind)
  const render = (name: string) => rendered(ctx, notice, name, words)
  return notice.channel === 'channel' ? toTeam(ctx, notice, render) : toPerson(ctx, mailer, notice, render)
}

type Render = (name: string) => RenderedNotice

async function toTeam(ctx: Context, { channel_id }: NoticeRow, render: Render): Promise<Prepared> {
  const channel = await ctx.db
    .selectFrom('notice_channels')
    .selectAll()
    .where('id', '=', channel_id)
    .executeTakeFirst()
  if (!channel?.enabled) return { skip: 'The channel was removed or switched off.' }
  const chat = { kind: channel.kind, url: openChannelUrl(ctx.secretBox, channel) }
  return { send: () => postToChat(ctx, chat, render('')) }
}

async function toPerson(
  ctx: Context,
  mailer: Mailer | null,
  notice: NoticeRow,
  render: Render,
): Promise<Prepared> {
  const user = await ctx.db
    .selectFrom('users')
    .select(['id', 'email', 'given_name', 'family_name', 'status'])
    .where('id', '=', notice.user_id)
    .executeTakeFirst()
  if (user?.status !== 'active') return { skip: 'The person is not active any more.' }
  const name = nameOf(user)
  if (notice.channel === 'mail') {
    if (mailer === null) return { skip: 'Mail is not set up any more.' }
    return { send: () => mailer.send({ name, address: user.email }, render(name), notice.id) }
  }
  const own = await ctx.db
    .selectFrom('notice_preferences')
    .selectAll()
    .where('user_id', '=', user.id)
    .executeTakeFirst()
  if (!own?.sealed_chat_url || !own.chat_kind) return { skip: 'The person has no chat set up any more.' }
  const chat = { kind: own.chat_kind, url: openChatUrl(ctx.secretBox, user.id, own.sealed_chat_url) }
  const { publicEgress: egress, shutdown } = ctx
  return { send: () => postToChat({ egress, shutdown }, chat, render(name)) }
}

function rendered(
  { secretBox, baseUrl }: Context,
  { kind, data, user_id }: NoticeRow,
  name: string,
  words: Partial<NoticeWords> | undefined,
): RenderedNotice {
  const url =
    data.sealed_url === undefined || user_id === null
      ? undefined
      : Buffer.from(secretBox.open(linkPlace(user_id), Buffer.from(data.sealed_url, 'base64'))).toString()
  return renderNotice({ kind, data, name, words, baseUrl: baseUrl(), url })
}
