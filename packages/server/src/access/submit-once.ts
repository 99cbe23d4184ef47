import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import type { IdempotencyKey } from '../http/idempotency.ts'
import { makeOnce } from '../http/make-once.ts'
import { findRequest, type RequestRow } from './request-store.ts'

/** Makes an access request; with an `Idempotency-Key` that was used before, answers with the request that it made. */
export async function submitOnce(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  make: (key: IdempotencyKey | null) => Promise<RequestRow | null>,
): Promise<RequestRow> {
  const again = ({ id }: { id: string }) => findRequest(ctx.db, id)
  const row = await makeOnce(ctx, request, reply, { make, again })
  reply.code(201).header('location', `/api/v1/access-requests/${row.id}`)
  return row
}
