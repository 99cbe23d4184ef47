import {
  preApprovalRuleChange,
  preApprovalRuleCreate,
  preApprovalRulePage,
  preApprovalRuleRead,
} from '@keyhook/contract/api/pre-approval-rule.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { etagOf, requireMatch } from '../http/etag.ts'
import { creationHeaders, creationProblems, makeOnce } from '../http/make-once.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import { readRule } from './app-read.ts'
import type { RuleRow } from './app-store.ts'
import { changeRule, createRule, deleteRule, rulesOf } from './rule-store.ts'
import { administeredApp } from './seen-app.ts'

const tags = ['Apps']
const appParams = z.object({ id: z.string().max(100) })
const params = z.object({ id: z.string().max(100), ruleId: z.string().max(100) })

/** When access is given without asking people. */
export function ruleRoutes(ctx: Context): FastifyPluginAsyncZod {
  async function seen(request: FastifyRequest, ids: z.infer<typeof params>) {
    const { caller, app } = await administeredApp(ctx, request, ids.id)
    const row = (await rulesOf(ctx.db, app.id)).find(({ id }) => id === ids.ruleId)
    if (!row) throw notFound('pre-approval rule')
    return { actor: actorOf(caller.principal), app, row }
  }

  function answer(reply: FastifyReply, row: RuleRow) {
    reply.header('etag', etagOf(row.version))
    return readRule(row)
  }

  return async (app) => {
    app.post(
      '/apps/:id/pre-approval-rules',
      {
        schema: {
          operationId: 'createPreApprovalRule',
          summary: 'Add a pre-approval rule to an app',
          description: 'Rules are asked in order; the first that holds pre-approves.',
          tags,
          params: appParams,
          headers: creationHeaders,
          body: preApprovalRuleCreate,
          response: {
            201: preApprovalRuleRead,
            ...problems(...creationProblems, 'invalid_json', 'not_found', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const { caller, app: row } = await administeredApp(ctx, request, request.params.id)
        if (row.archived_at) throw notFound('app')
        const made = await makeOnce(ctx, request, reply, {
          again: async ({ id }) => (await rulesOf(ctx.db, row.id)).find((rule) => rule.id === id) ?? null,
          make: (key) => createRule(ctx, row, request.body, { actor: actorOf(caller.principal), key }),
        })
        reply.code(201).header('location', `/api/v1/apps/${row.id}/pre-approval-rules/${made.id}`)
        return answer(reply, made)
      },
    )

    app.get(
      '/apps/:id/pre-approval-rules',
      {
        schema: {
          operationId: 'listPreApprovalRules',
          summary: 'List the pre-approval rules of an app, in their order',
          tags,
          params: appParams,
          response: { 200: preApprovalRulePage, ...problems('not_found') },
        },
      },
      async (request) => {
        const { app: row } = await administeredApp(ctx, request, request.params.id)
        return { data: (await rulesOf(ctx.db, row.id)).map(readRule), next_cursor: null }
      },
    )

    app.get(
      '/apps/:id/pre-approval-rules/:ruleId',
      {
        schema: {
          operationId: 'getPreApprovalRule',
          summary: 'Read a pre-approval rule',
          tags,
          params,
          response: { 200: preApprovalRuleRead, ...problems('not_found') },
        },
      },
      async (request, reply) => answer(reply, (await seen(request, request.params)).row),
    )

    app.patch(
      '/apps/:id/pre-approval-rules/:ruleId',
      {
        schema: {
          operationId: 'changePreApprovalRule',
          summary: 'Change a pre-approval rule',
          description: 'With `position` it moves among the others.',
          tags,
          params,
          body: preApprovalRuleChange,
          response: {
            200: preApprovalRuleRead,
            ...problems('invalid_json', 'not_found', 'precondition_failed', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const { actor, app: row, row: rule } = await seen(request, request.params)
        requireMatch(request, rule.version)
        return answer(reply, await changeRule(ctx, row, rule, request.body, actor))
      },
    )

    app.delete(
      '/apps/:id/pre-approval-rules/:ruleId',
      {
        schema: {
          operationId: 'deletePreApprovalRule',
          summary: 'Delete a pre-approval rule',
          tags,
          params,
          response: { 204: z.undefined(), ...problems('not_found', 'precondition_failed') },
        },
      },
      async (request, reply) => {
        const { actor, app: row, row: rule } = await seen(request, request.params)
        requireMatch(request, rule.version)
        await deleteRule(ctx, row, rule, actor)
        reply.code(204)
      },
    )
  }
}
