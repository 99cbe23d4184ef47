import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { idempotencyKeyOf, resultOfKey } from '../http/idempotency.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { findRequest, type RequestRow } from './request-store.ts'

type Submit = (key: ReturnType<typeof idempotencyKeyOf>) => Promise<RequestRow | null>

/** Makes an access request; with an `Idempotency-Key` that was used before, answers with the request that it made. */
export async function submitOnce(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  submit: Submit,
): Promise<RequestRow> {
  const key = idempotencyKeyOf(ctx, request)
  const before = async () => {
    const id = key && (await resultOfKey(ctx, key))
    return id ? findRequest(ctx.db, id) : null
  }
  const known = await before()
  const made = known ? null : await submit(key)
  // Of two at once with the same key the database lets one through.
  const row = known ?? made ?? (await before())
  if (!row)
    throw new ProblemError('idempotency_key_reused', 'This Idempotency-Key was used for something else.')
  if (!made) reply.header('idempotency-replayed', 'true')
  reply.code(201).header('location', `/api/v1/access-requests/${row.id}`)
  return row
}
