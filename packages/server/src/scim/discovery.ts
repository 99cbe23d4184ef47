/** What this service can do, as clients may ask (RFC 7644, 4). Pure. */
import { filterLimits } from './filter-reader.ts'
import { pageLimits } from './list.ts'
import { enterpriseUrn, groupUrn, type SchemaDocument, schemaDocuments, userUrn } from './schemas.ts'

export const maxBodyBytes = 4 * 1_048_576

export function serviceProviderConfig(baseUrl: string): Record<string, unknown> {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    documentationUri: `${baseUrl}/docs/scim`,
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: maxBodyBytes },
    filter: { supported: true, maxResults: pageLimits.most },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: `A SCIM token, made by an administrator of Keyhook. Filters may have ${filterLimits.length} characters.`,
        primary: true,
      },
    ],
    meta: {
      resourceType: 'ServiceProviderConfig',
      location: `${baseUrl}/scim/v2/ServiceProviderConfig`,
    },
  }
}

export function resourceTypes(baseUrl: string): Record<string, unknown>[] {
  const type = (id: string, schema: string, schemaExtensions: { schema: string; required: boolean }[]) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id,
    name: id,
    endpoint: `/${id}s`,
    description: id === 'User' ? 'Users of the directory' : 'Groups of users',
    schema,
    schemaExtensions,
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/scim/v2/ResourceTypes/${id}` },
  })
  return [type('User', userUrn, [{ schema: enterpriseUrn, required: false }]), type('Group', groupUrn, [])]
}

export function schemas(baseUrl: string): (SchemaDocument & { meta: Record<string, string> })[] {
  return schemaDocuments.map((document) => ({
    ...document,
    meta: { resourceType: 'Schema', location: `${baseUrl}/scim/v2/Schemas/${document.id}` },
  }))
}
