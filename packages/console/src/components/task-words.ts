/** Work for people, in words. Pure. */
import { type TaskStatus, taskKindLabels } from '@keyhook/contract/access-words.ts'
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import { failureLabels } from '@keyhook/contract/failure.ts'
import type { Tone } from '../ui/pill.tsx'
import { listWords } from './request-words.ts'

const statuses: Readonly<Record<TaskStatus, { tone: Tone; label: string }>> = {
  open: { tone: 'warn', label: 'To do' },
  done: { tone: 'good', label: 'Done' },
  not_done: { tone: 'bad', label: 'Could not be done' },
  approved: { tone: 'good', label: 'Approved' },
  denied: { tone: 'bad', label: 'Denied' },
  closed: { tone: 'quiet', label: 'Not needed any more' },
}

export function taskStatusWords(status: TaskStatus) {
  return statuses[status]
}

export function permissionWords({ permissions }: Pick<TaskRead, 'permissions'>): string {
  return listWords(permissions.map(({ label }) => label))
}

/** What a person is asked to do, as the heading of the task. */
export function taskTitle(task: Pick<TaskRead, 'kind' | 'app'>): string {
  return `${taskKindLabels[task.kind]}: ${task.app.name}`
}

/** What has to be done, in a sentence. */
export function taskSentence(task: TaskRead): string {
  const what = permissionWords(task)
  const { app, target_user, kind } = task
  if (kind === 'confirm_provisioning') return `Give ${target_user.name} “${what}” in ${app.name}.`
  if (kind === 'confirm_deprovisioning') return `Take “${what}” in ${app.name} away from ${target_user.name}.`
  return `${target_user.name} would get “${what}” in ${app.name}.`
}

/** Why a person has to do it. */
export function reasonSentence({ reason }: Pick<TaskRead, 'reason'>): string | null {
  switch (reason?.kind) {
    case undefined:
      return null
    case 'no_webhook':
      return 'No webhook does this for the app.'
    case 'skipped':
      return 'The condition of the webhook did not hold, so it was not asked.'
    case 'answered_false':
      return 'The webhook answered that it did not do it.'
    case 'failed':
      return `The webhook failed: ${failureText(reason.failure_reason)}.`
    case 'not_confirmed':
      return 'The app admins could not do it. The access is still there.'
  }
}

function failureText(reason: NonNullable<TaskRead['reason']>['failure_reason']): string {
  return reason === null ? 'no answer that could be read' : failureLabels[reason]
}

/** Whether the receiver may have acted although it was not heard: sending again could then do it twice. */
export function mayHappenTwice({ reason, delivery }: Pick<TaskRead, 'reason' | 'delivery'>): boolean {
  if (delivery === null || reason?.kind !== 'failed') return false
  // Failures before anything was sent.
  const unsent = ['address_blocked', 'webhook_disabled', 'circuit_open', 'auth_failed', 'condition_failed']
  return !unsent.includes(reason.failure_reason ?? '')
}
