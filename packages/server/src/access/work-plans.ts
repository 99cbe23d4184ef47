/** Finds out what comes next for a request, from how things are set up now. */
import { planApproval } from './approvers.ts'
import { inlinePayload } from './inline-payload.ts'
import { payloadParts } from './payload-parts.ts'
import { planRules, planSteps } from './request-plans.ts'
import type { RequestEvent } from './request-state.ts'
import type { Work, WorkParts } from './work.ts'

export async function planTheApproval({ reads, setup, request }: Work): Promise<RequestEvent> {
  const { requester_id: requesterId, target_user_id: targetId, state } = request
  const known = await reads.approvers(setup, { requesterId, targetId })
  return { type: 'approval_planned', steps: planApproval(planSteps(setup, state.permissionIds), known) }
}

export function planThePreApproval(parts: WorkParts, work: Work): RequestEvent {
  const { setup, request, people } = work
  if (!setup.rules.some((rule) => rule.enabled)) return { type: 'pre_approval_planned', rules: [] }
  const { permissionIds, accessLengthSeconds } = request.state
  const facts = {
    targetId: request.target_user_id,
    targetGroupIds: people.target.groups.map(({ id }) => id),
    permissionIds,
    accessLengthSeconds,
    payload: inlinePayload(
      payloadParts({ request, setup, ...people }, permissionIds, parts.taskUrl(request.id)),
    ),
  }
  return { type: 'pre_approval_planned', rules: planRules(setup, facts, parts.conditions) }
}
