import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { OpenAPIV3 } from 'openapi-types'
import { version } from '../lib/version.ts'
import { describeAnswers } from './openapi-answers.ts'

/** `/api/openapi.json` and `/api/docs`, made from the schemas that check the requests. Register before the routes. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Keyhook API',
        version,
        description: 'Self-hosted inline webhooks for access governance. Errors are RFC 9457 problems.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          api_key: { type: 'http', scheme: 'bearer', description: 'An API key, kh_…' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'keyhook.session_token',
            description: 'The session of the console',
          },
        },
      },
      security: [{ api_key: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
    // The plugin's types know OpenAPI 3.0 only.
    transformObject: (input) => describeAnswers(jsonSchemaTransformObject(input) as OpenAPIV3.Document),
  })
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: false,
    uiConfig: { persistAuthorization: false, displayRequestDuration: true },
    theme: { title: 'Keyhook API' },
    // Its own pages are public like the OpenAPI document: they hold no data.
    uiHooks: {},
  })
  app.get('/api/openapi.json', { config: { public: true }, schema: { hide: true } }, () => app.swagger())
}
