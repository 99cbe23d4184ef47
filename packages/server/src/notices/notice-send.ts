/**
 * Sends what is due. A notice is claimed for a while before it is sent; if its process dies meanwhile, another sends it
 * again under the same message id: at least once, and never twice at the same time.
 */
import type { NoticeKind } from '@keyhook/contract/notice-words.ts'
import { type Selectable, sql } from 'kysely'
import type { Context } from '../context.ts'
import type { NoticeTable } from '../db/notice-schema.ts'
import { inParallel } from '../lib/ticker.ts'
import { postToChat } from './chat-sender.ts'
import type { Mailer, Sent } from './mailer.ts'
import { linkPlace, openChannelUrl, openChatUrl } from './notice-secrets.ts'
import { renderNotice } from './notice-text.ts'

export type NoticeRow = Selectable<NoticeTable>

const batch = 20
const atOnce = 4
/** A process that has not said what came of it for so long is taken for dead. */
const claimMs = 120_000
/** Tried so often, over about two days. */
export const mostAttempts = 14

/** One batch; how many there were. */
export async function sendDue(ctx: Context, mailer: Mailer | null): Promise<number> {
  const now = ctx.clock()
  const claimed = await ctx.db
    .updateTable('notices')
    .set({ next_attempt_at: new Date(now + claimMs), attempts: sql`attempts + 1` })
    .where('id', 'in', (due) =>
      due
        .selectFrom('notices')
        .select('id')
        .where('status', '=', 'waiting')
        .where('next_attempt_at', '<=', new Date(now))
        .orderBy('next_attempt_at')
        .limit(batch)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
  await inParallel(claimed, atOnce, async (notice) => {
    if (ctx.shutdown.aborted) return
    const sent = await sendOne(ctx, mailer, notice).catch((error: unknown): Sent => {
      ctx.log.error({ err: error, notice_id: notice.id }, 'a notice could not be prepared')
      return { ok: false, detail: 'It could not be prepared; the server log says why.', final: false }
    })
    await record(ctx, notice, sent)
  })
  return claimed.length
}

async function sendOne(ctx: Context, mailer: Mailer | null, notice: NoticeRow): Promise<Sent> {
  const gone = (detail: string): Sent => ({ ok: false, detail, final: true })
  const words = await wordsOf(ctx, notice.kind)
  const render = (name: string) =>
    renderNotice({
      kind: notice.kind,
      data: notice.data,
      name,
      words,
      baseUrl: ctx.baseUrl(),
      url: linkOf(ctx, notice),
    })
  if (notice.channel === 'channel') {
    const channel = await ctx.db
      .selectFrom('notice_channels')
      .selectAll()
      .where('id', '=', notice.channel_id)
      .executeTakeFirst()
    if (!channel?.enabled) return gone('The channel was removed or switched off.')
    return postToChat(ctx, { kind: channel.kind, url: openChannelUrl(ctx.secretBox, channel) }, render(''))
  }
  const user = await ctx.db
    .selectFrom('users')
    .select(['id', 'email', 'given_name', 'family_name', 'status'])
    .where('id', '=', notice.user_id)
    .executeTakeFirst()
  if (user?.status !== 'active') return gone('The person is not active any more.')
  const name = `${user.given_name} ${user.family_name}`.trim()
  if (notice.channel === 'mail') {
    if (mailer === null) return gone('Mail is not set up any more.')
    return mailer.send({ name, address: user.email }, render(name), notice.id)
  }
  const chat = await ctx.db
    .selectFrom('notice_preferences')
    .selectAll()
    .where('user_id', '=', user.id)
    .executeTakeFirst()
  if (!chat?.sealed_chat_url || !chat.chat_kind) return gone('The person has no chat set up any more.')
  const url = openChatUrl(ctx.secretBox, user.id, chat.sealed_chat_url)
  return postToChat(ctx, { kind: chat.chat_kind, url }, render(name))
}

function linkOf({ secretBox }: Pick<Context, 'secretBox'>, { data, user_id }: NoticeRow): string | undefined {
  if (!data.sealed_url || user_id === null) return undefined
  return Buffer.from(secretBox.open(linkPlace(user_id), Buffer.from(data.sealed_url, 'base64'))).toString()
}

export async function wordsOf({ db }: Pick<Context, 'db'>, kind: NoticeKind) {
  const row = await db.selectFrom('notice_templates').selectAll().where('kind', '=', kind).executeTakeFirst()
  return {
    ...(row?.subject == null ? {} : { subject: row.subject }),
    ...(row?.intro == null ? {} : { intro: row.intro }),
  }
}

async function record(ctx: Context, notice: NoticeRow, sent: Sent): Promise<void> {
  const now = ctx.clock()
  const over = sent.ok || sent.final || notice.attempts >= mostAttempts
  const { sealed_url: _, ...kept } = notice.data
  await ctx.db
    .updateTable('notices')
    .set({
      status: sent.ok ? 'sent' : over ? 'failed' : 'waiting',
      last_error: sent.ok ? null : sent.detail,
      next_attempt_at: over ? null : new Date(now + pauseMs(notice.attempts)),
      sent_at: sent.ok ? new Date(now) : null,
      // A one-time link is of no use here once it was sent.
      ...(sent.ok && notice.data.sealed_url ? { data: JSON.stringify(kept) } : {}),
    })
    .where('id', '=', notice.id)
    .execute()
  if (!sent.ok)
    ctx.log.warn({ notice_id: notice.id, channel: notice.channel, detail: sent.detail }, 'notice.failed')
}

/** Doubling from half a minute to six hours, with jitter so that what failed together does not come together. */
export function pauseMs(attempts: number): number {
  const base = Math.min(30_000 * 2 ** (attempts - 1), 6 * 3_600_000)
  return base * (0.75 + Math.random() / 2)
}
