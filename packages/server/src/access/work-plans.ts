/** Finds out what comes next for a request, from how things are set up now. */

import { planApproval } from './approvers.ts'
import { approversOf, payloadPeople } from './directory-facts.ts'
import { inlinePayload } from './inline-payload.ts'
import { permissionsOf, planRules, planSteps } from './request-plans.ts'
import type { RequestEvent } from './request-state.ts'
import type { Work, WorkParts } from './work.ts'

export async function planTheApproval({ tx, setup, request }: Work): Promise<RequestEvent> {
  const { requester_id: requesterId, target_user_id: targetId, state } = request
  const known = await approversOf(tx, setup, { requesterId, targetId })
  return { type: 'approval_planned', steps: planApproval(planSteps(setup, state.permissionIds), known) }
}

export async function planThePreApproval(parts: WorkParts, work: Work): Promise<RequestEvent> {
  const { setup, request } = work
  if (!setup.rules.some((rule) => rule.enabled)) return { type: 'pre_approval_planned', rules: [] }
  const people = await payloadPeople(work.tx, [request.requester_id, request.target_user_id])
  const target = people.get(request.target_user_id)
  const requester = people.get(request.requester_id)
  if (!target || !requester) throw new Error(`request ${request.id}: a person is not in the directory`)
  const { permissionIds, accessLengthSeconds } = request.state
  const payload = inlinePayload({
    app: setup.app,
    hasIntakeFields: setup.app.settings.intake_fields.length > 0,
    permissions: permissionsOf(setup, permissionIds),
    target,
    requester,
    accessLengthSeconds,
    comment: request.business_justification,
    taskUrl: parts.taskUrl(request.id),
    customFields: request.custom_fields,
    request: { id: request.id, requestedAt: request.created_at },
  })
  const facts = {
    targetId: target.user.id,
    targetGroupIds: target.groups.map(({ id }) => id),
    permissionIds,
    accessLengthSeconds,
    payload,
  }
  return { type: 'pre_approval_planned', rules: planRules(setup, facts, parts.conditions) }
}
