/** Builds the world of a simulation from how the app is set up now, and walks through it. Nothing is written. */
import type { Simulate, SimulationRead, SimulationStep } from '@keyhook/contract/api/chain.ts'
import type { AppSetup } from '../apps/app-store.ts'
import { wantOneEach } from '../apps/attached-webhooks.ts'
import { type Caller, principalIdsOf } from '../apps/caller.ts'
import { findPrincipals, findUsers, nameOf } from '../apps/people.ts'
import type { Context } from '../context.ts'
import type { Engine } from '../deliveries/engine.ts'
import { type Actor, actorOf } from '../events/event.ts'
import { newId } from '../lib/ids.ts'
import { planApproval } from './approvers.ts'
import { listed } from './chain-words.ts'
import { approversOf } from './directory-facts.ts'
import { deprovisioningPayload, inlinePayload, type PayloadParts } from './inline-payload.ts'
import { requestFacts } from './request-facts.ts'
import { type ReadRequest, readRequest, requestInput } from './request-input.ts'
import { permissionsOf, planRules, planSteps, planUnits, planValidation } from './request-plans.ts'
import type { Call, CallKind } from './request-state.ts'
import { type World, walk } from './simulation.ts'
import { createAsk } from './simulation-webhooks.ts'
import { intakeText, told } from './simulation-words.ts'

/** Throws 422 for what a real request would be refused for with 422. */
export async function simulateRequest(
  ctx: Context,
  engine: Engine,
  { caller, appId, body }: { caller: Caller; appId: string; body: Simulate },
): Promise<SimulationRead> {
  const { webhooks, ...request } = body
  // Who simulates may do so in the name of anybody.
  const asAdmin = { ...caller, admin: true }
  const input = await requestInput(ctx.db, asAdmin, { ...request, app_id: appId })
  const wanted = readRequest(engine.conditions, await requestFacts(ctx.db, [input.wanted]), input)
  const payload = payloadsOf(ctx, wanted)
  const intake = await intakeSteps(ctx, wanted)
  const unseen = await cannotSee(ctx, wanted)
  if (unseen)
    return { result: 'rejected', steps: [...intake, unseen], payload: payload('request_validation') }
  const world = await worldOf(ctx, engine, {
    wanted,
    mode: webhooks,
    actor: actorOf(caller.principal),
    payload,
  })
  const { result, steps } = await walk(wanted.draft, world)
  return { result, steps: [...intake, ...steps], payload: payload('request_validation') }
}

type PayloadOf = (kind: CallKind, permissionIds?: readonly string[]) => Record<string, unknown>

type WorldParts = {
  wanted: ReadRequest
  mode: Simulate['webhooks']
  actor: Actor
  payload: PayloadOf
}

async function worldOf(
  ctx: Context,
  engine: Engine,
  { wanted, mode, actor, payload }: WorldParts,
): Promise<World> {
  const { setup, draft, requesterId, targetUserId, target } = wanted
  const { permissionIds, accessLengthSeconds } = draft
  const known = await approversOf(ctx.db, setup, { requesterId, targetId: targetUserId })
  const approval = planApproval(planSteps(setup, permissionIds), known)
  const apart = await wantOneEach(ctx.db, setup)
  const facts = {
    targetId: target.user.id,
    targetGroupIds: target.groups.map(({ id }) => id),
    permissionIds,
    accessLengthSeconds,
    payload: payload('pre_approval'),
  }
  const principals = await findPrincipals(ctx.db, [
    ...approval.flatMap(({ approverIds }) => approverIds),
    ...setup.adminIds,
  ])
  const principal = (id: string) => principals.get(id)?.name ?? 'somebody who is gone'
  const permission = (id: string) => permissionsOf(setup, [id])[0]?.label ?? id
  return {
    validation: planValidation(setup, permissionIds),
    rules: planRules(setup, facts, engine.conditions),
    approval,
    units: (effect) => planUnits(setup, effect, (webhookId) => apart.has(webhookId)),
    ask: createAsk({
      ctx,
      engine,
      mode,
      actor,
      payloadOf: (kind, call: Call) => payload(kind, call.permissionIds),
      permissionName: permission,
    }),
    names: {
      principal,
      permission,
      disabledRules: setup.rules.filter((rule) => !rule.enabled).map(({ name }) => name),
      taskGetters: await taskGetters(ctx, setup, principal),
    },
  }
}

/** Who would do by hand what no webhook does. */
async function taskGetters(
  ctx: Context,
  setup: AppSetup,
  principal: (id: string) => string,
): Promise<string> {
  const known = await approversOf(ctx.db, setup, { requesterId: '', targetId: '' })
  const [step] = planApproval([{ type: 'app_admins', principal_ids: [], mode: 'any' }], known)
  if (!step || step.fallback !== null) return 'The administrators'
  return `The app admins (${listed(step.approverIds.map(principal))})`
}

/** What a webhook would be sent; the request and its grants are made up. */
function payloadsOf(ctx: Context, wanted: ReadRequest): PayloadOf {
  const { setup, draft, requester, target, justification, customFields } = wanted
  const now = ctx.clock()
  const id = newId('req', now)
  const length = draft.accessLengthSeconds
  const partsFor = (permissionIds: readonly string[]): PayloadParts => ({
    app: setup.app,
    hasIntakeFields: setup.app.settings.intake_fields.length > 0,
    permissions: permissionsOf(setup, permissionIds),
    target,
    requester,
    accessLengthSeconds: length,
    comment: justification,
    taskUrl: `${ctx.baseUrl()}/requests/${id}`,
    customFields,
    request: { id, requestedAt: new Date(now) },
  })
  return (kind, permissionIds = draft.permissionIds) => {
    const parts = partsFor(permissionIds)
    if (kind !== 'deprovisioning') return inlinePayload(parts)
    const grants = parts.permissions.map(({ value }) => ({
      id: newId('grt', now),
      permission_value: value,
      granted_at: new Date(now),
      expires_at: length === null ? null : new Date(now + length * 1000),
    }))
    // At the end of access that has one, nothing of it is left.
    const left = length === null ? null : 0
    return deprovisioningPayload(
      { ...parts, accessLengthSeconds: left },
      grants,
      length === null ? 'revoked' : 'expired',
    )
  }
}

async function intakeSteps(ctx: Context, wanted: ReadRequest): Promise<SimulationStep[]> {
  const { setup, draft, requester, target, customFields } = wanted
  const permissions = permissionsOf(setup, draft.permissionIds).map(({ label }) => label)
  const text = intakeText({
    requester: nameOf(requester.user),
    target: target.user.id === requester.user.id ? null : nameOf(target.user),
    permissions,
    accessLengthSeconds: draft.accessLengthSeconds,
  })
  const fields = setup.app.settings.intake_fields.map(({ label }) => label)
  const hidden = fields.filter((label) => customFields === null || !Object.hasOwn(customFields, label))
  return [
    told('intake', text),
    ...(fields.length === 0
      ? []
      : [told('intake', 'The answers to the intake fields are what they must be.', 'yes')]),
    ...(hidden.length === 0
      ? []
      : [told('intake', `Not asked for with these answers: ${listed(hidden)}.`, 'skipped')]),
    ...(await heldSteps(ctx, wanted)),
  ]
}

/** A real request for what is held or asked for already would be refused. */
async function heldSteps({ db }: Context, { setup, draft, target }: ReadRequest): Promise<SimulationStep[]> {
  const rows = await db
    .selectFrom('open_requests')
    .select('permission_id')
    .where('target_user_id', '=', target.user.id)
    .where('permission_id', 'in', [...draft.permissionIds])
    .where('extension', '=', false)
    .execute()
  if (rows.length === 0) return []
  const labels = permissionsOf(
    setup,
    rows.map(({ permission_id }) => permission_id),
  ).map(({ label }) => label)
  const text = `${nameOf(target.user)} has or asks for ${listed(labels)} at this moment: a real request would be refused for that.`
  return [told('intake', text)]
}

async function cannotSee({ db }: Context, { setup, requester }: ReadRequest): Promise<SimulationStep | null> {
  const { visible_to } = setup.app.settings
  if (visible_to === null) return null
  const { id } = requester.user
  const principals = await principalIdsOf(db, id)
  if ([...visible_to, ...setup.adminIds].some((one) => principals.includes(one))) return null
  if ((await findUsers(db, [id])).get(id)?.role === 'admin') return null
  const text = `${nameOf(requester.user)} does not see this app in the catalogue, and so cannot request it.`
  return told('intake', text, 'no')
}
