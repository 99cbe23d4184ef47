/** Every operation of the OpenAPI document, called for real: the document is generated from the routes. */
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { OpenAPIV3 } from 'openapi-types'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'
import { findingsIn, operationsOf } from './openapi-rules.ts'

let service: TestService
let document: OpenAPIV3.Document
beforeAll(async () => {
  service = await startTestService()
  document = (await (await fetch(`${service.url}/api/openapi.json`)).json()) as OpenAPIV3.Document
})
afterAll(() => service.stop())

const hasBody = (method: string) => method !== 'get' && method !== 'delete'
const endless = '/api/v1/events/stream'
/** The path of an operation with ids that nothing has. */
const pathFor = (path: string) =>
  (path.startsWith('/api/v1/') ? path.replace('/api/v1', '') : `/../..${path}`).replace(/\{\w+\}/g, 'wh_0') +
  // Its answer has no end, unless it is asked wrongly.
  (path === endless ? '?colour=red' : '')
/** Those whose body is read as bytes, whatever it is. */
const takesAnyBytes = ['answerLater']
/** Those whose body is no JSON. */
const takesCsv = ['importUsers', 'importLastUsed']
/** Batches may be larger than other bodies. */
const takesMore = ['appendEvents']

describe('the document', () => {
  test('follows the rules of OpenAPI 3.1', () => {
    expect(findingsIn(document)).toEqual([])
  })

  test('says what calls need and can come back with', () => {
    const operation = (id: string) => operationsOf(document).find((one) => one.id === id)?.object
    const late = operation('answerLater')
    expect(late?.requestBody).toMatchObject({
      content: { 'application/json': { schema: { description: expect.any(String) } } },
    })
    expect(Object.keys(late?.responses ?? {})).toEqual([
      '204',
      '404',
      '409',
      '410',
      '413',
      '422',
      '500',
      '503',
    ])
    for (const id of ['testWebhook', 'testUnsavedWebhook', 'retryDelivery', 'invokeWebhook'])
      expect(Object.keys(operation(id)?.responses ?? {}), id).toContain('503')
    const answer = operation('invokeWebhook')?.responses['200'] as OpenAPIV3.ResponseObject
    expect(Object.keys(answer.headers ?? {})).toEqual([
      'location',
      'preference-applied',
      'idempotency-replayed',
    ])
  })

  test('knows every noun', () => {
    const paths = operationsOf(document).map(({ method, path }) => `${method} ${path}`)
    for (const expected of [
      'post /api/v1/setup',
      'post /api/v1/sign-in',
      'get /api/v1/me',
      'post /api/v1/api-keys',
      'patch /api/v1/webhooks/{id}',
      'post /api/v1/webhooks/test',
      'post /api/v1/webhooks/{id}/invoke',
      'get /api/v1/deliveries/{id}',
      'get /api/v1/sandbox',
    ]) {
      expect(paths).toContain(expected)
    }
  })
})

/** Calls each operation and returns those whose answer is not as `expected`. */
async function surprises(
  call: (method: string, path: string) => Promise<{ status: number; body: unknown; headers: Headers }>,
  isExpected: (status: number, operation: ReturnType<typeof operationsOf>[number]) => boolean,
): Promise<string[]> {
  const found: string[] = []
  for (const operation of operationsOf(document)) {
    const { status, body, headers } = await call(operation.method.toUpperCase(), pathFor(operation.path))
    const isProblem = headers.get('content-type')?.startsWith('application/problem+json') === true
    const told = (body as Problem)?.status === status && Array.isArray((body as Problem)?.errors)
    const right = isExpected(status, operation) && (status < 400 || (isProblem && told))
    if (!right) found.push(`${operation.method} ${operation.path}: ${status}`)
  }
  return found
}

describe('every operation', () => {
  test('needs a principal unless the document says that it is public', async () => {
    const found = await surprises(
      (method, path) =>
        service.api(method, path, hasBody(method.toLowerCase()) ? {} : undefined, { key: null }),
      (status, { isPublic }) => (isPublic ? status < 500 : status === 401),
    )
    expect(found).toEqual([])
    const open = operationsOf(document).flatMap(({ isPublic, id }) => (isPublic ? [id] : []))
    expect(open.sort()).toEqual([
      'acceptInvitation',
      'answerLater',
      'getSetup',
      'listPublicKeys',
      'readInvitation',
      'setUp',
      'signIn',
      'signOut',
    ])
  })

  test('refuses a key that does not exist, and says how to send one', async () => {
    const found = await surprises(
      async (method, path) => {
        const answer = await service.api(method, path, hasBody(method.toLowerCase()) ? {} : undefined, {
          key: `kh_${'0'.repeat(36)}`,
        })
        if (answer.status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer')
        return answer
      },
      (status, { isPublic }) => isPublic || status === 401,
    )
    expect(found).toEqual([])
  })

  test.each<[string, { raw: string | Uint8Array; headers?: Record<string, string> }, number[]]>([
    ['an unknown member', { raw: '{"colour":"red"}' }, [204, 401, 403, 404, 409, 422]],
    ['a body that is no object', { raw: '[1]' }, [204, 404, 422]],
    // Where no body is needed, null says as much as none.
    ['a body that is null', { raw: 'null' }, [200, 204, 404, 422]],
    ['broken JSON', { raw: '{"name":' }, [400]],
    ['bytes that are not UTF-8', { raw: new Uint8Array([0x22, 0xff, 0x22]) }, [400]],
    ['nesting without end', { raw: '['.repeat(100_000) }, [400]],
    ['another content type', { raw: 'a=b', headers: { 'content-type': 'text/plain' } }, [415]],
    ['a form', { raw: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, [415]],
    ['an unreadable content type', { raw: '{}', headers: { 'content-type': ';;' } }, [400, 415]],
    ['a body over the limit', { raw: `"${'x'.repeat(1_048_576)}"` }, [413]],
  ])('with a body answers %s with a 4xx problem', async (_what, options, expected) => {
    const found = await surprises(
      (method, path) =>
        hasBody(method.toLowerCase())
          ? service.api(method, path, undefined, options)
          : service.api(method, path, undefined),
      (status, { method, id }) =>
        hasBody(method)
          ? [
              ...expected,
              ...(takesAnyBytes.includes(id) ? [404] : []),
              ...(takesCsv.includes(id) ? [415] : []),
              ...(takesMore.includes(id) ? [422] : []),
            ].includes(status)
          : status < 500,
    )
    expect(found).toEqual([])
  })

  test.each([
    ['a NUL in the address', '%00', [400]],
    ['bytes that are not UTF-8', '%ff', [400]],
    ['a long id', 'x'.repeat(150), [404, 422]],
    ['an id like a member of every object', '__proto__', [404, 422]],
    ['an id with quotes', `'%22;--`, [404, 422]],
  ])('with an id answers %s with a 4xx', async (_what, id, expected) => {
    const statuses = await Promise.all(
      operationsOf(document)
        .filter(({ path }) => path.includes('{'))
        .map(async ({ method, path }) => {
          const at = path.replace('/api/v1', '').replace(/\{\w+\}/, id)
          return (await service.api(method.toUpperCase(), at, hasBody(method) ? {} : undefined)).status
        }),
    )
    expect(statuses.length).toBeGreaterThan(5)
    for (const status of statuses) expect(expected).toContain(status)
  })

  test('with a query refuses unknown, repeated and wrong members by name', async () => {
    const lists = operationsOf(document).filter(
      ({ path, parameters }) => path !== endless && parameters.some((one) => one.in === 'query'),
    )
    expect(lists.length).toBeGreaterThan(1)
    for (const { path, parameters } of lists) {
      const queries = [
        ...parameters.flatMap(({ name }) => [
          [`${name}=`, name],
          [`${name}=%F0%9F%92%A9`, name],
          [`${name}=a&${name}=b`, name],
        ]),
        ['colour=red', 'colour'],
      ]
      for (const [query = '', name] of queries) {
        const answer = await service.api<Problem>('GET', `${pathFor(path)}?${query}`)
        expect(answer.status, query).toBeLessThan(500)
        const pointers = answer.status === 422 ? answer.body.errors.map(({ pointer }) => pointer) : null
        if (pointers) expect(pointers).toContain(`/query/${name}`)
      }
      expect((await service.api('GET', `${pathFor(path)}?${parameters[0]?.name}=%00`)).status).toBe(400)
    }
  })
})

describe('addresses', () => {
  test.each([
    ['GET', '/no-such-noun'],
    ['POST', '/no-such-noun'],
    ['PUT', '/webhooks'],
    ['DELETE', '/setup'],
  ])('%s %s is a 404 problem', async (method, path) => {
    const answer = await service.api<Problem>(method, path)
    expect(answer.status).toBe(404)
    expect(answer.body).toMatchObject({ code: 'not_found', errors: [] })
  })

  test('each problem names its request and its page of the documentation', async () => {
    const [one, two] = [await service.api<Problem>('GET', '/x'), await service.api<Problem>('GET', '/x')]
    expect(one.body.trace_id).not.toBe(two.body.trace_id)
    expect(one.body.type).toBe(`${service.url}/docs/errors#not_found`)
    expect(one.headers.get('cache-control')).toBe('no-store')
  })
})
