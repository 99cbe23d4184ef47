/** What OpenAPI 3.1 and this project ask of the document. Source: the OpenAPI Specification 3.1.0, section 4.8. */
import type { OpenAPIV3 } from 'openapi-types'

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const

export type Operation = {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly parameters: OpenAPIV3.ParameterObject[]
  readonly isPublic: boolean
  readonly object: OpenAPIV3.OperationObject
}

export function operationsOf(document: OpenAPIV3.Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const object = item?.[method]
      if (!object) return []
      const security = object.security ?? document.security ?? []
      return {
        id: object.operationId ?? '',
        method,
        path,
        parameters: (object.parameters ?? []) as OpenAPIV3.ParameterObject[],
        // No requirement at all, or an empty one as an alternative.
        isPublic: security.length === 0 || security.some((one) => Object.keys(one).length === 0),
        object,
      }
    }),
  )
}

/** Each broken rule as a sentence; none when the document is right. */
export function findingsIn(document: OpenAPIV3.Document): string[] {
  const operations = operationsOf(document)
  const ids = operations.map(({ id }) => id)
  return [
    ...(/^3\.1\.\d+$/.test(document.openapi) ? [] : [`openapi is ${document.openapi}`]),
    ...(document.info.title && document.info.version ? [] : ['info has no title or no version']),
    ...(operations.length > 10 ? [] : ['hardly any operation']),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`),
    ...operations.flatMap((operation) =>
      findingsOf(document, operation).map((finding) => `${operation.method} ${operation.path}: ${finding}`),
    ),
    ...danglingReferences(document),
    ...unusedSchemas(document),
    ...schemaFindings(document, '#'),
  ]
}

function findingsOf(
  document: OpenAPIV3.Document,
  { id, method, path, parameters, isPublic, object }: Operation,
) {
  const found: string[] = []
  const require = (rule: boolean, finding: string) => void (rule || found.push(finding))
  require(/^[a-z][A-Za-z]+$/.test(id), `operationId "${id}"`)
  require((object.summary ?? '').length > 3 && !/\.$/.test(object.summary ?? ''), 'no short summary')
  require(object.tags?.length === 1, 'not exactly one tag')
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  const described = parameters.filter((one) => one.in === 'path').map(({ name }) => name)
  require(String(inPath) === String(described), `path parameters ${described}`)
  for (const one of parameters) {
    require(one.schema !== undefined, `parameter ${one.name} has no schema`)
    require(one.in !== 'path' || one.required === true, `path parameter ${one.name} is not required`)
  }
  require(!object.requestBody || (method !== 'get' && method !== 'delete'), 'a body where none may be')
  for (const name of (object.security ?? []).flatMap((one) => Object.keys(one))) {
    require(name in (document.components?.securitySchemes ?? {}), `security scheme ${name}`)
  }
  const responses = Object.entries(object.responses)
  // Of what is made, the caller may not know whether it was: asking again must be safe.
  if ('201' in object.responses && !isPublic) {
    const header = parameters.some(({ name, in: place }) => place === 'header' && name === 'idempotency-key')
    require(header && '409' in object.responses, 'makes something without an idempotency-key')
  }
  require(responses.some(([status]) => /^2\d\d$/.test(status)), 'no answer for success')
  const statuses = responses.map(([status]) => status)
  for (const status of [
    '500',
    ...(isPublic ? [] : ['401']),
    // What receivers answer later is read whatever its bytes are.
    ...(object.requestBody ? (id === 'answerLater' ? ['413', '422'] : ['400', '413', '415', '422']) : []),
  ]) {
    require(statuses.includes(status), `no answer ${status}`)
  }
  require(!path.includes('{') || statuses.includes('404'), 'no answer 404')
  for (const [status, response] of responses as [string, OpenAPIV3.ResponseObject][]) {
    require(/^[1-5]\d\d$/.test(status), `answer ${status}`)
    require((response.description ?? '').length > 1 &&
      !response.description.includes('Default'), `${status} has no words`)
    const types = Object.keys(response.content ?? {})
    if (status >= '400') require(String(types) === 'application/problem+json', `${status} is ${types}`)
    else
      require(status === '204'
        ? types.length === 0
        : String(types) ===
            (path.endsWith('.csv') ? 'text/csv' : 'application/json'), `${status} is ${types}`)
  }
  return found
}

function references(part: unknown): string[] {
  return [...JSON.stringify(part).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? '')
}

function danglingReferences(document: OpenAPIV3.Document): string[] {
  const resolves = (reference: string) => {
    let part: unknown = document
    for (const step of reference.replace('#/', '').split('/')) {
      part = typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[step] : undefined
    }
    return reference.startsWith('#/') && part !== undefined
  }
  return [...new Set(references(document))]
    .filter((one) => !resolves(one))
    .map((one) => `${one} leads nowhere`)
}

function unusedSchemas(document: OpenAPIV3.Document): string[] {
  const used = new Set(references(document))
  const names = Object.keys(document.components?.schemas ?? {})
  return names
    .filter((name) => !used.has(`#/components/schemas/${name}`))
    .map((name) => `${name} is not used`)
}

const types = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']

/** JSON Schema 2020-12 where 3.0 had words of its own: no `nullable`, `type` may be a list, limits are numbers. */
function schemaFindings(part: unknown, at: string): string[] {
  if (Array.isArray(part)) return part.flatMap((item, index) => schemaFindings(item, `${at}/${index}`))
  if (typeof part !== 'object' || part === null) return []
  const schema = part as Record<string, unknown>
  const found: string[] = []
  if ('nullable' in schema && typeof schema.nullable === 'boolean') found.push(`${at} has nullable`)
  if (typeof schema.exclusiveMinimum === 'boolean') found.push(`${at} has a boolean exclusiveMinimum`)
  if (at.includes('/schemas/') && typeof schema.type === 'string' && !types.includes(schema.type)) {
    found.push(`${at} has the type ${schema.type}`)
  }
  if (Array.isArray(schema.required) && typeof schema.properties === 'object') {
    const known = Object.keys(schema.properties ?? {})
    found.push(
      ...schema.required.filter((name) => !known.includes(name)).map((name) => `${at} requires ${name}`),
    )
  }
  return [
    ...found,
    // A default is a value, not a schema.
    ...Object.entries(schema)
      .filter(([key]) => key !== 'default')
      .flatMap(([key, value]) => schemaFindings(value, `${at}/${key}`)),
  ]
}
