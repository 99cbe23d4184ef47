/** Routes that make something: with an `Idempotency-Key` it is made once, however often the same request comes. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { ProblemError } from '../lib/problem-error.ts'
import {
  claimKeys,
  foundByKey,
  type IdempotencyKey,
  idempotencyKeyOf,
  type KeyResult,
  keySecretPlace,
} from './idempotency.ts'

const keyHeader = {
  'idempotency-key': z
    .string()
    .optional()
    .describe('1 to 255 printable ASCII characters: the same request with the same key makes nothing twice'),
}

/** The headers that every route has which makes something. */
export const creationHeaders = z.looseObject(keyHeader)

/** What such a route answers because of its key. */
export const creationProblems = ['invalid_request', 'idempotency_key_reused'] as const

/** Another request took the key in the meantime: the transaction is to be given up. */
class KeyTaken extends Error {
  override name = 'KeyTaken'
}

export function isKeyTaken(error: unknown): boolean {
  return error instanceof KeyTaken
}

type Once<Made> = {
  /** Makes it and takes the key in the same transaction, by `takeKey`; null says that the key was taken. */
  make(key: IdempotencyKey | null): Promise<Made | null>
  /** What the key made before; null when it is gone. */
  again(result: KeyResult): Promise<Made | null>
}

/** Throws what `make` throws, and 409 when the key belongs to something else. */
export async function makeOnce<Made>(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  { make, again }: Once<Made>,
): Promise<Made> {
  const key = idempotencyKeyOf(ctx, request)
  const replay = async () => {
    const found = key && (await foundByKey(ctx, key))
    if (!found) return null
    const made = await again(found)
    if (made === null)
      throw new ProblemError(
        'idempotency_key_reused',
        'What this Idempotency-Key made is gone: use a new key.',
      )
    reply.header('idempotency-replayed', 'true')
    return made
  }
  const known = await replay()
  if (known !== null) return known
  let refused: unknown = null
  try {
    const made = await make(key)
    if (made !== null) return made
  } catch (error) {
    refused = error
  }
  // Of two at once one finds the key taken, or that the other has just made the like.
  const other = await replay()
  if (other !== null) return other
  if (refused !== null && !isKeyTaken(refused)) throw refused
  throw new ProblemError('idempotency_key_reused', 'This Idempotency-Key was used for something else.')
}

/**
 * Takes the key in the transaction that makes the thing. `secret`: what only this answer tells; it is kept sealed as long
 * as the key, for who did not get the answer.
 */
export async function takeKey(
  { secretBox }: Pick<Context, 'secretBox'>,
  tx: Transaction<Tables>,
  key: IdempotencyKey | null,
  { id, secret = null }: { id: string; secret?: string | null },
): Promise<void> {
  if (key === null) return
  const sealedSecret = secret === null ? null : secretBox.seal(keySecretPlace(id), Buffer.from(secret))
  if (!(await claimKeys(tx, [{ ...key, resultId: id, sealedSecret }]))) throw new KeyTaken()
}
