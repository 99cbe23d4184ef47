/** A SCIM client of a test service, as identity providers are. */
import type { ScimTokenCreated } from '@keyhook/contract/api/scim-token.ts'
import type { TestService } from '../support/harness.ts'

export type ScimAnswer<Body> = { status: number; headers: Headers; body: Body; text: string }
export type ScimOptions = { headers?: Record<string, string>; raw?: string; token?: string | null }
export type ScimClient = {
  token: string
  tokenId: string
  /** Calls `/scim/v2<path>`; the body as `application/scim+json`. */
  call<Body = ScimBody>(
    method: string,
    path: string,
    body?: unknown,
    options?: ScimOptions,
  ): Promise<ScimAnswer<Body>>
}

export type ScimList = {
  schemas: string[]
  totalResults: number
  startIndex: number
  itemsPerPage: number
  Resources: ScimUser[]
}
export type ScimUser = {
  id: string
  userName: string
  active: boolean
  displayName: string
  emails: { value: string; type?: string; primary?: boolean }[]
  members: { value: string; display?: string }[]
  meta: { version: string; location: string; created: string; lastModified: string }
  [name: string]: unknown
}
export type ScimBody = ScimUser & ScimList & { detail: string; scimType?: string; status: string }

export const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error'
export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** Makes a token as an administrator does. */
export async function scimClient(service: TestService, name = 'Okta'): Promise<ScimClient> {
  const made = await service.api<ScimTokenCreated>('POST', '/scim-tokens', { name })
  const { token, id } = made.body
  return { token, tokenId: id, call: callerOf(service.url, token) }
}

export function callerOf(url: string, token: string): ScimClient['call'] {
  return async <Body>(method: string, path: string, body?: unknown, options: ScimOptions = {}) => {
    const bearer = options.token === undefined ? token : options.token
    const sent = options.raw ?? (body === undefined ? null : JSON.stringify(body))
    const answer = await fetch(`${url}/scim/v2${path}`, {
      method,
      headers: {
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...(sent === null ? {} : { 'content-type': 'application/scim+json' }),
        ...options.headers,
      },
      body: sent,
    })
    const text = await answer.text()
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: (text === '' ? null : JSON.parse(text)) as Body,
    }
  }
}

/** A user as Okta sends them. */
export function newUser(name: string, more: Record<string, unknown> = {}) {
  const [givenName = '', familyName = ''] = name.split(' ')
  const address = `${name.toLowerCase().replaceAll(' ', '.')}@example.com`
  return {
    schemas: [userUrn],
    userName: address,
    name: { givenName, familyName },
    emails: [{ primary: true, value: address, type: 'work' }],
    displayName: name,
    externalId: `00u-${name}`,
    active: true,
    ...more,
  }
}

export function patch(...Operations: unknown[]) {
  return { schemas: [patchUrn], Operations }
}

export const filterBy = (filter: string) => `filter=${encodeURIComponent(filter)}`
