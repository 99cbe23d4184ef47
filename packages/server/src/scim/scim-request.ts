/** What the routes of `/scim/v2` share: the body, the parameters, the version that a change is about. */
import { isJsonObject, type JsonObject } from '@keyhook/contract/json-object.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { textOf } from './list.ts'
import { type Projection, readProjection } from './projection.ts'
import type { ResourceSchema } from './schemas.ts'
import { ScimError } from './scim-error.ts'

export type ById = { Params: { id: string } }

export function queryOf(request: FastifyRequest): Record<string, unknown> {
  return request.query as Record<string, unknown>
}

/** Throws `invalidSyntax` when the body is no object. */
export function bodyOf({ body }: FastifyRequest): JsonObject {
  if (isJsonObject(body)) return body
  throw new ScimError(400, 'invalidSyntax', 'The body must be a JSON object.')
}

export function projectionOf(schema: ResourceSchema, request: FastifyRequest): Projection {
  const query = queryOf(request)
  const attributes = textOf(query, 'attributes')
  const excludedAttributes = textOf(query, 'excludedAttributes')
  if (attributes && excludedAttributes)
    throw new ScimError(400, 'invalidValue', 'attributes and excludedAttributes exclude one another.')
  return readProjection(schema, { attributes, excludedAttributes })
}

/** Honours `If-Match` (RFC 7644, 3.14): a change that was made against another version is refused. */
export function requireVersion({ headers }: FastifyRequest, version: number): void {
  const wanted = headers['if-match']
  if (wanted === undefined || wanted.trim() === '*') return
  const versions = wanted.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (versions.includes(`"${version}"`)) return
  throw new ScimError(
    412,
    null,
    'It was changed in the meantime: read it again, and repeat the change if it is still wanted.',
  )
}

/** Answers with one resource. Whoever knows this version already (`If-None-Match`) is told so. */
export function sendResource(
  request: FastifyRequest,
  reply: FastifyReply,
  resource: Record<string, unknown>,
  version: number,
): FastifyReply {
  const etag = `W/"${version}"`
  reply.header('etag', etag)
  const known = request.method === 'GET' ? request.headers['if-none-match'] : undefined
  const isKnown = known?.split(',').some((tag) => tag.trim() === etag || tag.trim() === '*')
  return isKnown ? reply.code(304).send() : reply.send(resource)
}

/** 204, as Entra ID wants it, and the resource for who asks for attributes of it (RFC 7644, 3.5.2). */
export async function afterPatch(
  request: FastifyRequest,
  reply: FastifyReply,
  version: number,
  answer: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const query = queryOf(request)
  if (query.attributes !== undefined || query.excludedAttributes !== undefined) return answer()
  return reply.code(204).header('etag', `W/"${version}"`).send()
}
