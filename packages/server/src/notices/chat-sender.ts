/** Posting to incoming webhooks of chats, through the same guard as every other call. */
import type { ChatKind } from '@keyhook/contract/notice-words.ts'
import type { Context } from '../context.ts'
import { validationFailed } from '../lib/problem-error.ts'
import { version } from '../lib/version.ts'
import { chatMessage } from './chat-message.ts'
import type { Sent } from './mailer.ts'
import type { RenderedNotice } from './notice-text.ts'

const timeLimitMs = 10_000

/** Never throws. */
export async function postToChat(
  ctx: Pick<Context, 'egress' | 'shutdown'>,
  { kind, url }: { kind: ChatKind; url: string },
  notice: RenderedNotice,
): Promise<Sent> {
  const { answer, failure } = await ctx.egress.exchange({
    url,
    headers: [
      ['content-type', 'application/json'],
      ['user-agent', `keyhook/${version}`],
    ],
    body: Buffer.from(JSON.stringify(chatMessage(kind, notice))),
    timeLimitMs,
    signal: ctx.shutdown,
  })
  if (failure) return { ok: false, detail: failure.finding, final: false }
  const status = answer?.status ?? 0
  if (status >= 200 && status < 300) return { ok: true, detail: `The chat answered ${status}.` }
  // The address is of no use any more: it was revoked, or never was one.
  const final = [400, 401, 403, 404, 410].includes(status)
  return { ok: false, detail: `The chat answered ${status}.`, final }
}

/** The host of a URL that may be posted to. Throws 422 with the pointer. */
export async function requireChatUrl(
  ctx: Pick<Context, 'egress'>,
  url: string,
  pointer: string,
): Promise<string> {
  const checked = await ctx.egress.checkEndpointUrl(url)
  if (checked.ok) return checked.url.host
  throw validationFailed([{ pointer, detail: [checked.finding, checked.advice].filter(Boolean).join(' ') }])
}
