/**
 * Access tokens of OAuth 2.0, kept in memory until shortly before they expire. Callers that need the same one at the same
 * time share one request; none of them can end it for the others.
 */
import { createHash } from 'node:crypto'
import type { Egress } from '../egress/egress.ts'
import type { Clock } from '../lib/clock.ts'
import { type OAuthAuthentication, requestToken, tokenHostOf } from './token-request.ts'

export type TokenReading =
  | { readonly ok: true; readonly token: string }
  /** `detail`: what happened, in a sentence without secrets. */
  | { readonly ok: false; readonly detail: string }

export type AccessTokens = {
  /** A token that is good for a while; waits no longer than `timeLimitMs`, and not when `signal` says that it is over. */
  get(authentication: OAuthAuthentication, timeLimitMs: number, signal?: AbortSignal): Promise<TokenReading>
  /** The endpoint refused this token: the next `get` asks for a new one. */
  forget(authentication: OAuthAuthentication, token: string): void
}

/** A refusal is not asked for again at once, so that a wrong secret does not lock the client out. */
const refusalMs = 1_000
const maxEntries = 1_000

/** `until`: epoch milliseconds; endless while the request is under way. */
type Entry = { reading: Promise<TokenReading>; token: string | null; until: number }

export function createAccessTokens(egress: Egress, clock: Clock): AccessTokens {
  const entries = new Map<string, Entry>()

  function request(authentication: OAuthAuthentication, key: string): Entry {
    const entry: Entry = { reading: read(), token: null, until: Number.POSITIVE_INFINITY }
    async function read(): Promise<TokenReading> {
      const answer = await requestToken(egress, authentication)
      if (!answer.ok) {
        entry.until = clock() + refusalMs
        return answer
      }
      const { token, lifeMs } = answer
      entry.token = token
      // Early enough that it does not expire on the way.
      entry.until = clock() + lifeMs - Math.min(60_000, lifeMs / 10)
      return { ok: true, token }
    }
    if (entries.size >= maxEntries) entries.clear()
    entries.set(key, entry)
    return entry
  }

  return {
    get(authentication, timeLimitMs, signal) {
      const key = keyOf(authentication)
      const known = entries.get(key)
      const entry = known && clock() < known.until ? known : request(authentication, key)
      return withinLimit(entry.reading, timeLimitMs, authentication, signal)
    },
    forget(authentication, token) {
      const key = keyOf(authentication)
      // Another caller may have a new one already.
      if (entries.get(key)?.token === token) entries.delete(key)
    },
  }
}

/** This caller's wait; the request goes on for others. */
function withinLimit(
  reading: Promise<TokenReading>,
  timeLimitMs: number,
  authentication: OAuthAuthentication,
  signal: AbortSignal | undefined,
): Promise<TokenReading> {
  return new Promise((resolve) => {
    const end = (value: TokenReading) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      resolve(value)
    }
    const none = (when: string) =>
      end({ ok: false, detail: `No token came from ${tokenHostOf(authentication)} ${when}.` })
    const timer = setTimeout(() => none('within the time limit'), timeLimitMs)
    const onAbort = () => none('before the call was stopped')
    if (signal?.aborted) onAbort()
    else signal?.addEventListener('abort', onAbort)
    reading.then(end)
  })
}

/** Another secret, scope or address is another token. */
function keyOf(authentication: OAuthAuthentication): string {
  return createHash('sha256').update(JSON.stringify(authentication)).digest('base64')
}
