import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'
import { enterpriseUrn, errorUrn, groupUrn, type ScimClient, scimClient, userUrn } from './scim-client.ts'

let service: TestService
let client: ScimClient
beforeAll(async () => {
  service = await startTestService()
  client = await scimClient(service)
})
afterAll(() => service.stop())

type Document = Record<string, unknown> & { Resources: Document[]; attributes: { name: string }[] }
const get = (path: string) => client.call<Document>('GET', path)

describe('what the service can do', () => {
  test('is what it says', async () => {
    const config = await get('/ServiceProviderConfig')
    expect(config.headers.get('content-type')).toMatch(/^application\/scim\+json/)
    expect(config.body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 200 },
      changePassword: { supported: false },
      sort: { supported: false },
      etag: { supported: true },
      authenticationSchemes: [{ type: 'oauthbearertoken' }],
      meta: { location: `${service.url}/scim/v2/ServiceProviderConfig` },
    })
    expect((await fetch(String(config.body.documentationUri))).status).toBe(200)
  })

  test('is in no part of the API, and its addresses are no pages of the console', async () => {
    const answer = await fetch(`${service.url}/api/openapi.json`)
    const openapi = (await answer.json()) as { paths: Record<string, unknown> }
    expect(Object.keys(openapi.paths).filter((path) => path.startsWith('/scim/'))).toEqual([])
    expect(Object.keys(openapi.paths)).toContain('/api/v1/scim-tokens')
    for (const path of ['/scim', '/scim/', '/scim/v1/Users']) {
      const answer = await fetch(`${service.url}${path}`)
      if (path !== '/scim') expect(answer.status, path).toBe(404)
    }
    expect(await get('/Shoes')).toMatchObject({ status: 404, body: { schemas: [errorUrn] } })
    expect(await client.call('POST', '/Bulk', {})).toMatchObject({ status: 404 })
    expect(await client.call('PUT', '/Users', {})).toMatchObject({
      status: 404,
      body: { schemas: [errorUrn] },
    })
  })
})

describe('resource types and schemas', () => {
  test('are listed, and there one by one', async () => {
    const types = await get('/ResourceTypes')
    expect(types.body).toMatchObject({ totalResults: 2, itemsPerPage: 2, startIndex: 1 })
    expect(types.body.Resources.map(({ id, endpoint, schema }) => [id, endpoint, schema])).toEqual([
      ['User', '/Users', userUrn],
      ['Group', '/Groups', groupUrn],
    ])
    expect((await get('/ResourceTypes/User')).body).toEqual(types.body.Resources[0])
    const all = await get('/Schemas')
    expect(all.body.Resources.map(({ id }) => id)).toEqual([userUrn, enterpriseUrn, groupUrn])
    for (const document of all.body.Resources)
      expect((await get(`/Schemas/${document.id}`)).body).toEqual(document)
    expect(await get('/Schemas/urn:nothing')).toMatchObject({ status: 404, body: { schemas: [errorUrn] } })
  })

  test('promise nothing that is not kept', async () => {
    const user = await get(`/Schemas/${userUrn}`)
    const names = user.body.attributes.map(({ name }) => name)
    expect(names).not.toContain('password')
    expect(names).toEqual(expect.arrayContaining(['userName', 'name', 'emails', 'active', 'title']))
    const of = (name: string) => user.body.attributes.find((attribute) => attribute.name === name)
    expect(of('userName')).toMatchObject({ required: true, uniqueness: 'server' })
    expect(of('groups')).toMatchObject({ mutability: 'readOnly', returned: 'request' })
  })

  test('are not filtered', async () => {
    for (const path of ['/Schemas', '/ResourceTypes']) {
      expect(await get(`${path}?filter=id%20pr`)).toMatchObject({
        status: 403,
        body: { schemas: [errorUrn] },
      })
    }
  })
})
