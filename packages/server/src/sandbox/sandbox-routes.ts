import { sandboxRead } from '@keyhook/contract/api/sandbox.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problems } from '../http/problem-responses.ts'
import { behaviours } from './behaviour.ts'
import type { SandboxReceiver } from './sandbox-receiver.ts'

const tags = ['Sandbox']

/** The sandbox receiver's endpoint URLs and what it got; `sandbox` is null when it is off. */
export function sandboxRoutes(sandbox: SandboxReceiver | null): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/sandbox',
      {
        schema: {
          operationId: 'getSandbox',
          summary: 'Read the ways the sandbox receiver answers and the requests it got',
          tags,
          response: { 200: sandboxRead, ...problems() },
        },
      },
      async () => ({
        enabled: sandbox !== null,
        behaviours: sandbox
          ? behaviours.map(({ id, label, description }) => ({
              id,
              label,
              description,
              endpoint_url: `${sandbox.url}/${id}`,
            }))
          : [],
        requests: sandbox?.requests() ?? [],
      }),
    )

    app.delete(
      '/sandbox/requests',
      {
        schema: {
          operationId: 'clearSandboxRequests',
          summary: 'Forget the requests that the sandbox receiver got',
          tags,
          response: { 204: z.undefined(), ...problems() },
        },
      },
      async (_request, reply) => {
        sandbox?.clear()
        reply.code(204)
      },
    )
  }
}
