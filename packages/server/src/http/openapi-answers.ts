/** What the generated OpenAPI document cannot know from the routes alone: what every route can answer with. */
import { STATUS_CODES } from 'node:http'
import type { OpenAPIV3 } from 'openapi-types'

const ofBodies = ['400', '413', '415', '422']
const ofChanges = ['403']
const ofCallers = ['401', '403']
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
  { operationId = '', responses = {}, requestBody, tags = [] }: OpenAPIV3.OperationObject,
): OpenAPIV3.ResponsesObject {
  // Receivers answer late without a key or a session, and with any bytes: those are read as an answer.
  const byReceiver = tags.includes('Callbacks')
  const always = byReceiver ? [] : [...(requestBody ? ofBodies : []), ...(method === 'get' ? [] : ofChanges)]
  const statuses = [...new Set([...Object.keys(responses), ...always])]
    .filter((status) => !byReceiver || !ofCallers.includes(status))
    .sort()
  return Object.fromEntries(
    statuses.map((status) => {
      const description = STATUS_CODES[status] ?? status
      return [
        status,
        status < '400'
          ? { ...responses[status], description, ...headersOf(operationId) }
          : { description, content: problem },
      ]
    }),
  )
}

/** Headers of the answer that a schema of its body cannot say. */
const answerHeaders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  invokeWebhook: {
    location: 'Where to look for the late answer, when the delivery is `awaiting_callback`',
    'preference-applied': '`wait=n`: what was granted of `Prefer`',
    'idempotency-replayed': '`true`: the first answer to this `Idempotency-Key`, nothing was sent now',
  },
}

function headersOf(operationId: string): Pick<OpenAPIV3.ResponseObject, 'headers'> {
  const headers = answerHeaders[operationId]
  if (!headers) return {}
  const described = Object.entries(headers).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ])
  return { headers: Object.fromEntries(described) }
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
