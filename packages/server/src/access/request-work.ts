import { type EndReason, endReasonLabels } from '@keyhook/contract/access-words.ts'
import { administrators } from '../apps/administrators.ts'
import { newId } from '../lib/ids.ts'
import { type Telling, tellingOf } from './request-log.ts'
import { step } from './request-machine.ts'
import { permissionsOf, planUnits } from './request-plans.ts'
import type { Effect, Moved, RequestEvent, RequestState } from './request-state.ts'
import { setState, tell, type Work, type WorkParts } from './work.ts'
import { extendGrants, grant } from './work-grants.ts'
import { noticeAbout, noticeToBoth } from './work-notices.ts'
import { planTheApproval, planThePreApproval } from './work-plans.ts'
import { askApproval, askPerson } from './work-tasks.ts'

/** Applies an event and everything that follows from it at once. Throws IllegalMove, and then nothing may be written. */
export async function carryOut(
  parts: WorkParts,
  work: Work,
  first: RequestEvent,
  told: Telling = {},
): Promise<void> {
  const waiting: RequestEvent[] = [first]
  for (let event = waiting.shift(); event; event = waiting.shift()) {
    const before = work.request.state
    const moved = step(before, event)
    setState(work, moved.state)
    const telling = tellingOf(event)
    if (event.type === 'cancelled') tellOfCancelling(work, told.text)
    if (event.type === 'provisioning_confirmed' && !event.done) tellNotGiven(work, event.permissionIds)
    if (telling) tell(work, telling.type, { ...telling.told, ...(event === first ? told : {}) })
    tellEdits(work, before)
    waiting.push(...(await carryOutEffects(parts, work, moved)))
  }
}

/** Carries out what a first move asks for. */
export async function carryOutMoved(parts: WorkParts, work: Work, moved: Moved): Promise<void> {
  setState(work, moved.state)
  for (const event of await carryOutEffects(parts, work, moved)) await carryOut(parts, work, event)
}

async function carryOutEffects(parts: WorkParts, work: Work, { effects }: Moved): Promise<RequestEvent[]> {
  const events: RequestEvent[] = []
  for (const effect of effects) events.push(...(await carryOutEffect(parts, work, effect)))
  return events
}

/** An approver gave less than was asked for. */
function tellEdits(work: Work, before: RequestState): void {
  const after = work.request.state
  if (after.permissionIds.length !== before.permissionIds.length) {
    const dropped = before.permissionIds.filter((id) => !after.permissionIds.includes(id))
    const labels = permissionsOf(work.setup, dropped).map(({ label }) => label)
    tell(work, 'APP_STORE_EDIT_PERMISSIONS_ON_REQUEST', { text: `Without ${labels.join(', ')}.` })
  }
  if (after.accessLengthSeconds !== before.accessLengthSeconds)
    tell(work, 'APP_STORE_EDIT_ACCESS_LENGTH_ON_REQUEST')
}

/** Notes what one effect wants written; what it finds out is the next event. */
async function carryOutEffect(parts: WorkParts, work: Work, effect: Effect): Promise<RequestEvent[]> {
  const { setup, request, now, writes } = work
  switch (effect.type) {
    case 'call': {
      const { key, webhookId, permissionIds } = effect.call
      writes.calls.push({
        id: newId('dlv', now),
        request_id: request.id,
        key,
        kind: effect.kind,
        webhook_id: webhookId,
        permission_ids: [...permissionIds],
        process_id: parts.processId,
        created_at: new Date(now),
        done_at: null,
      })
      return []
    }
    case 'plan':
      return [effect.what === 'approval' ? await planTheApproval(work) : planThePreApproval(parts, work)]
    case 'plan_units': {
      // One permission is one delivery, whatever its webhook wants.
      const apart = effect.items.length > 1 ? await work.reads.wantOneEach(setup) : null
      const units = planUnits(setup, effect, (webhookId) => apart?.has(webhookId) ?? false)
      return [{ type: `${effect.what}_planned`, units }]
    }
    case 'ask_approval':
      askApproval(work, effect)
      return []
    case 'escalate':
      writes.escalations.push({ requestId: request.id, principalId: effect.to[0] ?? administrators })
      writes.notices.push(...effect.to.map((id) => noticeAbout(work, 'approval_escalated', id)))
      // It is done once.
      work.request = { ...request, escalate_at: null }
      return []
    case 'approver_done':
      writes.decided.push({ requestId: request.id, principalId: effect.by })
      return []
    case 'ask_person':
      await askPerson(work, effect)
      return []
    case 'close_tasks':
      writes.closings.push({
        requestId: request.id,
        permissionIds: effect.permissionIds,
        completion: work.completion,
      })
      return []
    case 'grant':
      return grant(work, effect.permissionIds)
    case 'grant_status':
      for (const permissionId of effect.permissionIds) {
        writes.grantChanges.push({
          requestId: request.id,
          permissionId,
          status: effect.status,
          reason: effect.status === 'deprovisioning' ? effect.reason : null,
          endedAt: effect.status === 'ended' ? new Date(now) : null,
        })
      }
      if (effect.status === 'ended') tellOfEnd(work, effect.permissionIds, effect.reason)
      return []
    case 'extend_grants':
      extendGrants(work)
      return []
    case 'reject': {
      const { message, failureReason } = effect
      work.request = {
        ...request,
        rejection: { message: message || refusalText(failureReason !== null), failure_reason: failureReason },
      }
      writes.notices.push(noticeAbout(work, 'request_rejected', request.requester_id, { reason: message }))
      tell(work, 'APP_STORE_REJECT_ACCESS_REQUEST', { message: message || null, outcome: 'FAILED' })
      return []
    }
    case 'deny':
      work.request = { ...request, denial: { reason: effect.reason, by: effect.by } }
      writes.notices.push(...noticeToBoth(work, 'request_denied', { reason: effect.reason }))
      return []
    case 'pre_approve': {
      const { ruleId, name, justification } = effect.rule
      work.request = { ...request, pre_approved_by: { rule_id: ruleId, name } }
      tell(work, 'APP_STORE_PRE_APPROVE_ACCESS_REQUEST', {
        text: `Pre-approved by the rule “${name}”.`,
        reasonForPreApproval: justification ?? name,
      })
      return []
    }
    case 'rule_failed':
      tell(work, 'APP_STORE_PRE_APPROVAL_RULE_DID_NOT_HOLD', { text: `“${effect.rule.name}”: ${effect.why}` })
      return []
  }
}

/** Who cancelled it themself knows. */
function tellOfCancelling(work: Work, reason: string | undefined): void {
  const by = 'id' in work.actor ? work.actor.id : null
  const notices = noticeToBoth(work, 'request_cancelled', { reason })
  work.writes.notices.push(...notices.filter(({ to }) => to !== by))
}

function tellOfEnd(work: Work, permissionIds: readonly string[], reason: EndReason | null): void {
  work.writes.notices.push(
    noticeAbout(work, 'access_ended', work.request.target_user_id, {
      permissionIds,
      reason: reason && `${endReasonLabels[reason]}.`,
      link: '/my-access',
    }),
  )
}

function tellNotGiven(work: Work, permissionIds: readonly string[]): void {
  const more = { permissionIds, reason: work.completion?.comment }
  work.writes.notices.push(...noticeToBoth(work, 'access_not_given', more))
}

function refusalText(failed: boolean): string {
  return failed
    ? 'A check of this request could not be completed, so it was refused. Try again later, or tell the owner of the app.'
    : 'The request was refused. No reason was given.'
}
