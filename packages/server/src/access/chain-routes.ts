import { chainRead, simulate, simulationRead } from '@keyhook/contract/api/chain.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { findSetup } from '../apps/app-store.ts'
import { administeredApp } from '../apps/seen-app.ts'
import type { Context } from '../context.ts'
import type { Engine } from '../deliveries/engine.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import { chainOf } from './chain.ts'
import { chainFacts } from './chain-facts.ts'
import { simulateRequest } from './simulate.ts'

const tags = ['Apps']
const params = z.object({ id: z.string().max(100) })

/** What runs when a request for an app comes: as a picture, and for a made-up request. */
export function chainRoutes(ctx: Context, engine: Engine): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/apps/:id/chain',
      {
        schema: {
          operationId: 'getChain',
          summary: 'Read what runs when a request for an app comes',
          description:
            'In order, with the webhooks, who decides in words, and what is wrong: disabled or deleted webhooks, approvers ' +
            'who cannot decide, an app without app admins.',
          tags,
          params,
          response: { 200: chainRead, ...problems('not_found') },
        },
      },
      async (request) => {
        const { app: row } = await administeredApp(ctx, request, request.params.id)
        const setup = await findSetup(ctx.db, row.id)
        if (!setup) throw notFound('app')
        return { steps: chainOf(setup, await chainFacts(ctx.db, setup)) }
      },
    )

    app.post(
      '/apps/:id/simulate',
      {
        schema: {
          operationId: 'simulateRequest',
          summary: 'Walk a made-up request through the chain of an app',
          description:
            'Says what each webhook, rule and person would decide. Nothing is requested or given. With `webhooks: "ask"`, ' +
            'validation and pre-approval webhooks get a test delivery (`test: true`); provisioning and deprovisioning ' +
            'webhooks are never asked. What a real request would be refused for with 422 is answered with 422.',
          tags,
          params,
          body: simulate,
          response: { 200: simulationRead, ...problems('invalid_json', 'not_found', 'validation_failed') },
        },
      },
      async (request) => {
        const { caller, app: row } = await administeredApp(ctx, request, request.params.id)
        return simulateRequest(ctx, engine, { caller, appId: row.id, body: request.body })
      },
    )
  }
}
