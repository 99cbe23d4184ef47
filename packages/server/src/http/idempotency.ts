/**
 * `Idempotency-Key`: the same request made again gets what the first one made, and nothing is done a second time. Keys
 * belong to the caller and are remembered for a day. Source: draft-ietf-httpapi-idempotency-key-header.
 */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { principalOf } from './principal.ts'

/** So long what a key led to is remembered. */
export const keyLifeMs = 24 * 3_600_000

export type IdempotencyKey = {
  readonly principalId: string
  readonly key: string
  /** SHA-256 of what was asked. */
  readonly requestHash: Uint8Array
  readonly at: Date
}

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

/** What a key led to. `secret`: what only the first answer told. */
export type KeyResult = { readonly id: string; readonly secret: string | null }

/** The id of what a key already led to; null when it is free. Throws 409 when the key belongs to another request. */
export async function resultOfKey(ctx: Context, key: IdempotencyKey): Promise<string | null> {
  return (await foundByKey(ctx, key))?.id ?? null
}

/** As `resultOfKey`, with what only the first answer told. */
export async function foundByKey(ctx: Context, key: IdempotencyKey): Promise<KeyResult | null> {
  const known = await ctx.db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('principal_id', '=', key.principalId)
    .where('key', '=', key.key)
    .executeTakeFirst()
  if (!known) return null
  if (known.created_at.getTime() <= ctx.clock() - keyLifeMs) {
    // It is free again, and whoever asks may be about to take it: not only from the next time on that old ones are forgotten.
    await forgetOldKeys(ctx)
    return null
  }
  if (!Buffer.from(known.request_hash).equals(key.requestHash)) {
    throw new ProblemError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another request: make a new key for each new request.',
    )
  }
  const { result_id: id, sealed_secret: sealed } = known
  return { id, secret: sealed && Buffer.from(ctx.secretBox.open(keySecretPlace(id), sealed)).toString() }
}

/** Takes the keys for what is made in this transaction; false when one of them is taken already. */
export async function claimKeys(
  tx: Transaction<Tables>,
  keys: readonly (IdempotencyKey & { resultId: string; sealedSecret?: Uint8Array | null })[],
): Promise<boolean> {
  if (keys.length === 0) return true
  const claimed = await tx
    .insertInto('idempotency_keys')
    .values(
      keys.map((key) => ({
        principal_id: key.principalId,
        key: key.key,
        request_hash: key.requestHash,
        result_id: key.resultId,
        sealed_secret: key.sealedSecret ?? null,
        created_at: key.at,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return claimed.numInsertedOrUpdatedRows === BigInt(keys.length)
}

/** What a sealed secret of a key is sealed for. */
export function keySecretPlace(resultId: string): string {
  return `idempotency_keys/${resultId}`
}

/** Forgets keys that are older than their life. */
export async function forgetOldKeys(ctx: Context): Promise<void> {
  await ctx.db
    .deleteFrom('idempotency_keys')
    .where('created_at', '<=', new Date(ctx.clock() - keyLifeMs))
    .execute()
}
