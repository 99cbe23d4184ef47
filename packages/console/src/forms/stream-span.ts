/** A range of the log as the form holds it. Pure. */
import type { ReplaySpan } from '../stream-api.ts'

/** Without the ends that are not given. */
export function spanOf({ from, to }: { from?: string | undefined; to?: string | undefined }): ReplaySpan {
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) }
}

/** What is wrong with it as a whole, for people; null: nothing. */
export function spanProblem({ from, to }: ReplaySpan): string | null {
  return from && to && Date.parse(to) <= Date.parse(from) ? 'Must be after the beginning' : null
}
