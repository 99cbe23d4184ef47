/** Posting to incoming webhooks of chats, through the same guard as every other call. */
import type { ChatKind } from '@keyhook/contract/notice-words.ts'
import type { HttpAnswer } from '@keyhook/contract/outcome.ts'
import { showText } from '@keyhook/contract/show-text.ts'
import type { Context } from '../context.ts'
import { validationFailed } from '../lib/problem-error.ts'
import { createSecretMask, type SecretMask } from '../lib/secret-mask.ts'
import { version } from '../lib/version.ts'
import { chatMessage } from './chat-message.ts'
import type { RenderedNotice } from './notice-text.ts'
import type { Sent } from './sent.ts'

const timeLimitMs = 10_000
const longestWaitMs = 3_600_000

/** Through `egress` for the chat of a team, through `publicEgress` for that of a person. Never throws. */
export async function postToChat(
  { egress, shutdown }: Pick<Context, 'egress' | 'shutdown'>,
  { kind, url }: { kind: ChatKind; url: string },
  notice: RenderedNotice,
): Promise<Sent> {
  const { answer, failure } = await egress.exchange({
    url,
    headers: [
      ['content-type', 'application/json'],
      ['user-agent', `keyhook/${version}`],
    ],
    body: Buffer.from(JSON.stringify(chatMessage(kind, notice))),
    timeLimitMs,
    signal: shutdown,
    owner: 'chats',
  })
  if (failure) return { ok: false, detail: failure.finding, fault: 'destination', final: false }
  if (!answer) throw new Error('an exchange ended with neither an answer nor a failure')
  return readAnswer(answer, createSecretMask([url, new URL(url).pathname]))
}

/** `masked`: the address of an incoming webhook is the secret that opens it, and a chat may repeat it. */
function readAnswer(answer: HttpAnswer, masked: SecretMask): Sent {
  const { status, headers, body } = answer
  const words = showText(masked(Buffer.from(body).toString().trim()), 200)
  const detail = `The chat answered ${status}${words === '' ? '.' : `: ${words}`}`
  if (status >= 200 && status < 300) return { ok: true, detail }
  // This message is not one that it takes; or the address was revoked, or never was one.
  if (status === 400 || status === 413) return { ok: false, detail, fault: 'notice', final: true }
  if ([401, 403, 404, 410].includes(status)) return { ok: false, detail, fault: 'destination', final: true }
  const seconds = Number(headers.find(([name]) => name === 'retry-after')?.[1])
  return {
    ok: false,
    detail,
    fault: 'destination',
    final: false,
    ...(seconds > 0 && { retryAfterMs: Math.min(seconds * 1_000, longestWaitMs) }),
  }
}

/** The host of a team's URL that may be posted to. Throws 422 with the pointer. */
export async function requireChatUrl(
  ctx: Pick<Context, 'egress'>,
  url: string,
  pointer: string,
): Promise<string> {
  const checked = await ctx.egress.checkEndpointUrl(url)
  if (checked.ok) return checked.url.host
  throw validationFailed([{ pointer, detail: [checked.finding, checked.advice].filter(Boolean).join(' ') }])
}

/**
 * The same for the URL of a person. What is wrong with it is not said: else everyone could ask which names there are
 * inside, and what they lead to.
 */
export async function requireOwnChatUrl(
  { publicEgress }: Pick<Context, 'publicEgress'>,
  url: string,
  pointer: string,
): Promise<string> {
  const checked = await publicEgress.checkEndpointUrl(url, { mustResolve: true })
  if (checked.ok) return checked.url.host
  throw validationFailed([{ pointer, detail: notAnOwnChat }])
}

const notAnOwnChat =
  'Nothing can be posted to this address: enter that of an incoming webhook as your chat shows it, a public one that starts with https://.'
