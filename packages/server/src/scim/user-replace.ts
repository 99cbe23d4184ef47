/** PUT of a user: what is kept although it is not sent. Pure. */
import type { JsonObject } from '@keyhook/contract/json-object.ts'
import { type Resource, readResource } from './resource.ts'
import { enterpriseUrn, userSchema } from './schemas.ts'

/** What no client means to take away by leaving it out: the link between the systems, the address, the status. */
const kept = ['externalId', 'emails', 'active'] as const

/**
 * Everything else that is left out is gone (RFC 7644, 3.5.1), but for the attributes of an extension that the client does
 * not speak of.
 */
export function replaced(before: Resource, body: JsonObject): Resource {
  const resource = readResource(userSchema, body)
  const after: Resource = {}
  for (const name of speaksOfExtension(body) ? kept : [...kept, enterpriseUrn]) {
    const value = before[name]
    if (value !== undefined) after[name] = value
  }
  return { ...after, ...resource }
}

function speaksOfExtension(body: JsonObject): boolean {
  const urn = enterpriseUrn.toLowerCase()
  const listed = Object.entries(body).find(([key]) => key.toLowerCase() === 'schemas')?.[1]
  const named = Array.isArray(listed) ? listed : []
  return [...Object.keys(body), ...named].some((name) => String(name).toLowerCase() === urn)
}
