/** Where a request stands, in words. Pure. */

import { endReasonLabels, type RequestStatus, requestStatusLabels } from '@keyhook/contract/access-words.ts'
import type { MeRead } from '@keyhook/contract/api/access.ts'
import type { AccessRequestRead, AccessRequestSummary } from '@keyhook/contract/api/access-request.ts'
import type { Tone } from '../ui/pill.tsx'
import { dateWords } from '../ui/time-words.ts'

const tones: Readonly<Record<RequestStatus, Tone>> = {
  validating: 'busy',
  rejected: 'bad',
  pre_approving: 'busy',
  awaiting_approval: 'warn',
  denied: 'bad',
  provisioning: 'busy',
  awaiting_confirmation: 'warn',
  active: 'good',
  deprovisioning: 'busy',
  awaiting_removal: 'warn',
  ended: 'quiet',
  cancelled: 'quiet',
}

type Short = Pick<AccessRequestSummary, 'status' | 'extension'>

/** The status as a pill shows it. A request for longer access is done once the access is longer. */
export function statusWords({ status, extension }: Short): { tone: Tone; label: string } {
  if (extension && status === 'ended') return { tone: 'good', label: 'Made longer' }
  return { tone: tones[status], label: requestStatusLabels[status] }
}

/** Nothing but the server moves it: worth looking again soon. */
export function isBusy(status: RequestStatus): boolean {
  return tones[status] === 'busy'
}

/** Nothing more can come of it. */
export function isOver(status: RequestStatus): boolean {
  return ['rejected', 'denied', 'ended', 'cancelled'].includes(status)
}

/** Where it stands and who has to act, in a sentence or two. */
export function statusSentence(request: AccessRequestRead): string {
  const { status, waiting_for, expires_at, denial, extension, grants } = request
  switch (status) {
    case 'validating':
      return 'The checks of the app are looking at it. This takes a few seconds.'
    case 'pre_approving':
      return 'It is being looked up whether it can be given without asking anybody.'
    case 'awaiting_approval':
      if (request.allowed.includes('approve')) return 'It waits for your decision.'
      return waiting_for
        ? `It waits for a decision of ${insideSentence(waiting_for)}.`
        : 'It waits for a decision.'
    case 'provisioning':
      return 'The access is being set up.'
    case 'awaiting_confirmation':
      return 'The app admins set it up by hand, and confirm it when it is done.'
    case 'active':
      return expires_at
        ? `The access is there until ${dateWords(expires_at)}.`
        : 'The access is there, without an end.'
    case 'deprovisioning':
      return 'The access is being removed.'
    case 'awaiting_removal':
      return 'The app admins remove it by hand, and confirm it when it is done.'
    case 'rejected':
      return 'A check of the app refused it. Nothing was given.'
    case 'denied':
      return `${denial?.by || 'An approver'} denied it. Nothing was given.`
    case 'cancelled':
      return grants.length > 0 ? 'It was cancelled.' : 'It was cancelled. Nothing was given.'
    case 'ended':
      return extension ? 'The access was made longer.' : endedSentence(grants)
  }
}

function endedSentence(grants: AccessRequestRead['grants']): string {
  if (grants.length === 0) return 'The access could not be given. What happened is told below.'
  const reasons = [...new Set(grants.flatMap(({ end_reason }) => end_reason ?? []))]
  const [reason] = reasons
  return reason && reasons.length === 1
    ? `The access has ended: ${endReasonLabels[reason].toLowerCase()}.`
    : 'The access has ended.'
}

/** Who has to act, behind other words: “The app admins” begin a sentence in the API. */
export function insideSentence(waitingFor: string): string {
  return waitingFor.replace(/^The /, 'the ')
}

/** Several things in a sentence: `A, B and C`. */
export function listWords(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? ''
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** Whether this person administers the app. */
export function administers({ role, app_admin_of }: MeRead, appId: string): boolean {
  return role === 'admin' || app_admin_of.includes(appId)
}
