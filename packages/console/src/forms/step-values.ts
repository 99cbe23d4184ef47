/** The steps of an approval chain as forms hold them. Pure. */
import type { ApproverType } from '@keyhook/contract/access-words.ts'
import type { ApprovalStep } from '@keyhook/contract/api/app.ts'

export type StepRow = {
  readonly key: string
  type: ApproverType
  /** Kept while another type is chosen, so that looking at the choices loses nothing. */
  principal_ids: string[]
  mode: ApprovalStep['mode']
}

let rows = 0
export function stepRow(step: ApprovalStep): StepRow {
  rows += 1
  return { key: `step-${rows}`, ...step, principal_ids: [...step.principal_ids] }
}

export function newStepRow(): StepRow {
  return stepRow({ type: 'manager', principal_ids: [], mode: 'any' })
}

export function stepsMember(steps: readonly StepRow[]): ApprovalStep[] {
  return steps.map(({ type, principal_ids, mode }) => ({
    type,
    principal_ids: type === 'named' ? principal_ids : [],
    mode,
  }))
}

export const stepFields = ['approvers', 'approvers.*.type', 'approvers.*.principal_ids', 'approvers.*.mode']
