/** Work for people that a move asks for. */
import { administrators } from '../apps/administrators.ts'
import type { Effect } from './request-state.ts'
import { newTask } from './task-store.ts'
import { tell, type Work } from './work.ts'
import { noticeAbout } from './work-notices.ts'

export function askApproval(work: Work, effect: Extract<Effect, { type: 'ask_approval' }>): void {
  const { setup, request, now, writes } = work
  const { approverIds, fallback } = effect.step
  const row = newTask(now, {
    kind: 'approval',
    request,
    permissionIds: request.state.permissionIds,
    reason: null,
    fallback,
    step: { number: effect.number, of: effect.of },
    deliveryId: null,
  })
  writes.tasks.push({ row, assigneeIds: approverIds })
  const { remind_after_seconds, escalate_after_seconds } = setup.app.settings
  const after = (seconds: number | null) => (seconds === null ? null : new Date(now + seconds * 1000))
  work.request = {
    ...request,
    remind_at: after(remind_after_seconds),
    escalate_at: after(escalate_after_seconds),
  }
  const step = effect.of > 1 ? `Step ${effect.number} of ${effect.of}.` : ''
  const text = [step, fallback ?? ''].filter((part) => part !== '').join(' ')
  for (const id of approverIds)
    writes.notices.push(noticeAbout(work, 'approval_asked', id, { reason: request.business_justification }))
  tell(work, 'APP_STORE_ASK_FOR_APPROVAL', { text: text === '' ? undefined : text })
}

export async function askPerson(work: Work, effect: Extract<Effect, { type: 'ask_person' }>): Promise<void> {
  const { setup, request, reads, writes } = work
  const reachable = await reads.adminsReachable(setup)
  const byAdmins = effect.assignees === 'app_admins' && reachable
  const row = newTask(work.now, {
    kind: effect.what,
    request,
    permissionIds: effect.permissionIds,
    reason: {
      kind: effect.reason.kind,
      failure_reason: effect.reason.failureReason,
      message: effect.reason.message,
    },
    fallback:
      effect.assignees === 'app_admins' && !reachable
        ? 'The app has no active app admins. The administrators do it instead.'
        : null,
    step: null,
    deliveryId: effect.deliveryId,
  })
  writes.tasks.push({ row, assigneeIds: byAdmins ? [setup.app.id] : [administrators] })
  const { permissionIds } = effect
  writes.notices.push(
    noticeAbout(work, `task_${effect.what}`, byAdmins ? setup.app.id : administrators, {
      permissionIds,
      reason: [taskTexts[effect.reason.kind], effect.reason.message].flatMap((part) => part ?? []).join(' '),
      link: '/inbox',
    }),
  )
  const type =
    effect.what === 'confirm_provisioning'
      ? 'APP_STORE_ASK_FOR_MANUAL_PROVISIONING'
      : 'APP_STORE_ASK_FOR_MANUAL_DEPROVISIONING'
  tell(work, type, {
    permissionIds: effect.permissionIds,
    text: taskTexts[effect.reason.kind],
    message: effect.reason.message,
    deliveryId: effect.deliveryId,
  })
}

const taskTexts = {
  no_webhook: 'No webhook does it.',
  skipped: 'The condition of the webhook did not hold.',
  answered_false: 'The webhook said no.',
  failed: 'The webhook failed.',
  not_confirmed: 'It could not be done by the app admins.',
}
