/** From what a caller asks for to a new request, or what is wrong with it. */
import type { AccessRequestCreate } from '@keyhook/contract/api/access-request.ts'
import type { AppSetup } from '../apps/app-store.ts'
import { type Caller, principalIdsOf } from '../apps/caller.ts'
import { type Answers, type Intake, readAnswers } from '../apps/intake.ts'
import type { Conditions } from '../conditions/conditions.ts'
import type { Database } from '../db/open.ts'
import { type MemberError, notFound, validationFailed } from '../lib/problem-error.ts'
import { inlinePayload, type PayloadPerson } from './inline-payload.ts'
import type { NewRequest } from './move-job.ts'
import type { FactsWanted, RequestFacts } from './request-facts.ts'
import { permissionsOf } from './request-plans.ts'

export type ReadRequest = NewRequest & { setup: AppSetup; target: PayloadPerson; requester: PayloadPerson }

/** What a caller asks for, and what has to be known to check it. */
export type RequestInput = {
  readonly caller: Caller
  readonly body: AccessRequestCreate
  readonly requesterId: string
  readonly targetUserId: string
  /** The requester and their groups, where it matters whether they see the app. */
  readonly principalIds: readonly string[]
  readonly wanted: FactsWanted
}

/** Throws 422 when the caller may not ask in this name. */
export async function requestInput(
  db: Database,
  caller: Caller,
  body: AccessRequestCreate,
): Promise<RequestInput> {
  const requesterId = requesterOf(caller, body)
  const targetUserId = body.target_user_id ?? requesterId
  const known = caller.admin || caller.userId === requesterId
  return {
    caller,
    body,
    requesterId,
    targetUserId,
    principalIds: known ? caller.principalIds : await principalIdsOf(db, requesterId),
    wanted: {
      appId: body.app_id,
      permissionIds: body.permission_ids,
      userIds: [requesterId, targetUserId],
    },
  }
}

/** Throws 404 for an app that the requester may not see, 422 for everything else that is wrong. */
export function readRequest(conditions: Conditions, facts: RequestFacts, input: RequestInput): ReadRequest {
  const { errors, shown, wanted } = checkRequest(conditions, facts, input)
  // With another permission or person, other fields may be asked for: those errors are for when this one is mended.
  if (errors.length > 0 || wanted === null) throw validationFailed(errors.length > 0 ? errors : shown.errors)
  return wanted
}

type Checked = {
  /** What is wrong with the request itself. */
  errors: MemberError[]
  /** The answers to the fields that are asked for, and what is wrong with them. */
  shown: Intake
  /** The request; null as long as something is wrong. */
  wanted: ReadRequest | null
}

/** What is wrong with a request, and which intake fields it has to answer. Throws 404 as `readRequest` does. */
export function checkRequest(
  conditions: Conditions,
  { setups, people }: RequestFacts,
  input: RequestInput,
): Checked {
  const { body, requesterId, targetUserId } = input
  const setup = setups.get(body.app_id)
  if (!setup || setup.app.archived_at || !isVisible(setup, input)) throw notFound('app')
  const [requester, target] = [people.get(requesterId), people.get(targetUserId)]
  const errors: MemberError[] = []
  if (requester?.user.status !== 'active')
    errors.push({ pointer: '/requester_id', detail: 'There is no active user with this id.' })
  if (target?.user.status !== 'active' && targetUserId !== requesterId)
    errors.push({ pointer: '/target_user_id', detail: 'There is no active user with this id.' })
  if (targetUserId !== requesterId && !setup.app.settings.request_for_others)
    errors.push({ pointer: '/target_user_id', detail: 'This app can be requested only for oneself.' })
  errors.push(...permissionErrors(setup, body), ...lengthErrors(setup, body))
  if (!requester || !target) return { errors, shown: { answers: {}, errors: [] }, wanted: null }

  const fields = setup.app.settings.intake_fields
  const payloadWith = (customFields: Answers) =>
    inlinePayload({
      app: setup.app,
      hasIntakeFields: fields.length > 0,
      permissions: permissionsOf(setup, body.permission_ids),
      target,
      requester,
      accessLengthSeconds: body.access_length_seconds,
      comment: body.business_justification,
      taskUrl: null,
      customFields,
      request: null,
    })
  const shown = readAnswers(fields, body.custom_fields as Answers, conditions, payloadWith)
  if (errors.length > 0 || shown.errors.length > 0) return { errors, shown, wanted: null }
  const wanted = {
    appId: setup.app.id,
    setup,
    requesterId,
    targetUserId,
    requester,
    target,
    draft: {
      permissionIds: body.permission_ids,
      accessLengthSeconds: body.access_length_seconds,
      extension: false,
    },
    justification: body.business_justification,
    customFields: fields.length === 0 ? null : shown.answers,
    extendsGrantIds: [],
  }
  return { errors, shown, wanted }
}

/** A person asks for themself; a program says who asks. */
function requesterOf(
  { userId, admin }: Caller,
  { requester_id, target_user_id }: AccessRequestCreate,
): string {
  if (requester_id !== undefined && requester_id !== userId && !admin)
    throw validationFailed([
      { pointer: '/requester_id', detail: 'You can ask only as yourself: leave it out.' },
    ])
  const id = requester_id ?? userId ?? target_user_id
  if (id === undefined)
    throw validationFailed([{ pointer: '/requester_id', detail: 'Say who asks: the id of a user.' }])
  return id
}

function isVisible({ app }: AppSetup, { caller, principalIds }: RequestInput): boolean {
  const { visible_to } = app.settings
  if (visible_to === null || caller.admin || caller.adminOf.includes(app.id)) return true
  return visible_to.some((id) => principalIds.includes(id))
}

function permissionErrors(setup: AppSetup, { permission_ids }: AccessRequestCreate): MemberError[] {
  return permission_ids.flatMap((id, index) => {
    const found = setup.permissions.find((permission) => permission.id === id)
    if (found && !found.archived_at) return []
    return [{ pointer: `/permission_ids/${index}`, detail: 'This app has no such permission.' }]
  })
}

function lengthErrors({ app }: AppSetup, { access_length_seconds }: AccessRequestCreate): MemberError[] {
  const allowed = app.settings.access_lengths_seconds
  if (allowed.length === 0 || allowed.includes(access_length_seconds)) return []
  const list = allowed.map((seconds) => (seconds === null ? 'null (without an end)' : seconds)).join(', ')
  return [{ pointer: '/access_length_seconds', detail: `This app allows: ${list}.` }]
}
