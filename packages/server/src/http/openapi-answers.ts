/** What the generated OpenAPI document cannot know from the routes alone: what every route can answer with. */
import { STATUS_CODES } from 'node:http'
import type { OpenAPIV3 } from 'openapi-types'

const ofBodies = ['400', '413', '415', '422']
const ofChanges = ['403']
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

/** Completes the answers of each operation, and leaves out schemas that nothing refers to. Changes the document. */
export function describeAnswers(document: OpenAPIV3.Document): OpenAPIV3.Document {
  for (const path of Object.values(document.paths ?? {})) {
    for (const method of methods) {
      const operation = path?.[method]
      if (operation) operation.responses = answersOf(method, operation)
    }
  }
  dropUnused(document)
  return document
}

function answersOf(
  method: string,
  { responses = {}, requestBody }: OpenAPIV3.OperationObject,
): OpenAPIV3.ResponsesObject {
  const always = [...(requestBody ? ofBodies : []), ...(method === 'get' ? [] : ofChanges)]
  const statuses = [...new Set([...Object.keys(responses), ...always])].sort()
  return Object.fromEntries(
    statuses.map((status) => {
      const description = STATUS_CODES[status] ?? status
      return [
        status,
        status < '400' ? { ...responses[status], description } : { description, content: problem },
      ]
    }),
  )
}

const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }

function dropUnused(document: OpenAPIV3.Document): void {
  const schemas = document.components?.schemas ?? {}
  const used = new Set<string>()
  const visit = (part: unknown) => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (name === undefined || used.has(name)) continue
      used.add(name)
      visit(schemas[name] ?? null)
    }
  }
  visit(document.paths)
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name]
}
