/** Who decides in each step of an approval chain. Pure. */
import type { ApprovalStep } from '@keyhook/contract/api/app.ts'
import { administrators } from '../apps/administrators.ts'
import type { PlannedStep } from './request-state.ts'

/** What is known of the people that a chain may name. */
export type Approvers = {
  /** Neither of them decides about their own request. */
  requesterId: string
  targetId: string
  managerId: string | null
  appAdminIds: readonly string[]
  /** Users who can decide: active ones of the directory. */
  active: ReadonlySet<string>
  /** Users of each group that is named; a group that is gone is not here. */
  members: ReadonlyMap<string, readonly string[]>
}

/**
 * The steps as they are asked. Approvers who are gone, inactive or the requester themself give way to the app admins,
 * and these to the administrators; the step says so.
 */
export function planApproval(steps: readonly ApprovalStep[], known: Approvers): PlannedStep[] {
  return steps.map((step) => planStep(step, known))
}

function planStep(step: ApprovalStep, known: Approvers): PlannedStep {
  const named =
    step.type === 'manager'
      ? [known.managerId].flatMap((id) => id ?? [])
      : step.type === 'app_admins'
        ? known.appAdminIds
        : step.principal_ids
  const usable = usableOf(named, known)
  if (usable.length > 0) return planned(usable, step.mode, null, known)
  const who = { manager: 'The manager', app_admins: 'The app admins', named: 'Those who were named' }[
    step.type
  ]
  const why = `${who} cannot decide: ${reasonOf(step, named, known)}.`
  const admins = step.type === 'app_admins' ? [] : usableOf(known.appAdminIds, known)
  if (admins.length > 0) return planned(admins, 'any', `${why} The app admins decide instead.`, known)
  return { approverIds: [administrators], mode: 'any', fallback: `${why} The administrators decide instead.` }
}

/** All must approve: each person by name, since a group cannot approve as a whole. */
function planned(
  ids: readonly string[],
  mode: 'any' | 'all',
  fallback: string | null,
  known: Approvers,
): PlannedStep {
  const approverIds = mode === 'any' ? ids : [...new Set(ids.flatMap((id) => deciders(id, known)))]
  return { approverIds, mode, fallback }
}

/** Those of whom at least one person can decide. */
function usableOf(ids: readonly string[], known: Approvers): string[] {
  return [...new Set(ids)].filter((id) => deciders(id, known).length > 0)
}

function deciders(id: string, { requesterId, targetId, active, members }: Approvers): string[] {
  const users = id.startsWith('grp_') ? (members.get(id) ?? []) : [id]
  return users.filter((user) => active.has(user) && user !== requesterId && user !== targetId)
}

function reasonOf(step: ApprovalStep, named: readonly string[], known: Approvers): string {
  if (named.length === 0) return step.type === 'manager' ? 'there is none' : 'there are none'
  const own = named.every((id) => id === known.requesterId || id === known.targetId)
  return own ? 'it is their own request' : 'they are not active any more'
}
