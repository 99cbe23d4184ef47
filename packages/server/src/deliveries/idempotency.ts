/**
 * `Idempotency-Key`: the same request made again gets the delivery of the first one, and nothing is sent a second time.
 * Keys belong to the caller and are remembered for a day. Source: draft-ietf-httpapi-idempotency-key-header.
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { principalOf } from '../http/principal.ts'
import { ProblemError } from '../lib/problem-error.ts'
import type { Delivered } from './deliver.ts'
import { attemptsOf, findDelivery, type IdempotencyKey } from './delivery-store.ts'

/** So long the outcome of a key is remembered. */
export const keyLifeMs = 24 * 3_600_000
const lookEveryMs = 100

/** The key of a request with what it asks for; null without the header. Throws 400 for a key that cannot be one. */
export function idempotencyKeyOf(ctx: Context, request: FastifyRequest): IdempotencyKey | null {
  const header = request.headers['idempotency-key']
  if (header === undefined) return null
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(header)) {
    throw new ProblemError(
      'invalid_request',
      'Idempotency-Key must be 1 to 255 printable ASCII characters without spaces, for example a UUID.',
    )
  }
  const asked = JSON.stringify([request.method, request.url, request.body])
  return {
    principalId: principalOf(request).id,
    key: header,
    requestHash: createHash('sha256').update(asked).digest(),
    at: new Date(ctx.clock()),
  }
}

/**
 * The delivery that a key already led to; null when it is free. While it is still under way, waits up to `patienceMs`.
 * Throws 409 when the key belongs to another request, or the first one is not done yet.
 */
export async function replay(
  ctx: Context,
  key: IdempotencyKey,
  patienceMs: number,
): Promise<Delivered | null> {
  const known = await ctx.db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('principal_id', '=', key.principalId)
    .where('key', '=', key.key)
    .where('created_at', '>', new Date(ctx.clock() - keyLifeMs))
    .executeTakeFirst()
  if (!known) return null
  if (!Buffer.from(known.request_hash).equals(key.requestHash)) {
    throw new ProblemError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another request: make a new key for each new request.',
    )
  }
  const until = performance.now() + patienceMs
  for (;;) {
    const delivery = await findDelivery(ctx, known.delivery_id)
    if (!delivery) return null
    if (delivery.status !== 'sending' && delivery.status !== 'pending') {
      return { delivery, attempts: await attemptsOf(ctx, delivery.id) }
    }
    if (performance.now() >= until) {
      throw new ProblemError(
        'idempotency_in_progress',
        'The first request with this Idempotency-Key is still under way: ask again in a moment.',
        { headers: { 'retry-after': '1' } },
      )
    }
    await sleep(lookEveryMs, undefined, { signal: ctx.shutdown }).catch(() => {})
  }
}

/** Forgets keys that are older than their life. */
export async function forgetOldKeys(ctx: Context): Promise<void> {
  await ctx.db
    .deleteFrom('idempotency_keys')
    .where('created_at', '<=', new Date(ctx.clock() - keyLifeMs))
    .execute()
}
