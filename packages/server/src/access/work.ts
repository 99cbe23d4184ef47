/** What one move of a request works with. It reads what was read for it and notes what is to be written. */
import type { AppSetup } from '../apps/app-store.ts'
import type { Conditions } from '../conditions/conditions.ts'
import type { Actor } from '../events/event.ts'
import type { EventType } from '../events/event-types.ts'
import type { PayloadPerson } from './inline-payload.ts'
import type { MoveReads } from './move-reads.ts'
import type { MoveWrites } from './move-writes.ts'
import { requestEvent, type Telling } from './request-log.ts'
import type { RequestState } from './request-state.ts'
import type { GrantRow, RequestRow } from './request-store.ts'
import type { Completion } from './task-store.ts'

export type WorkParts = {
  conditions: Conditions
  processId: string
  taskUrl(requestId: string): string
}

export type Work = {
  readonly reads: MoveReads
  readonly now: number
  readonly setup: AppSetup
  readonly target: PayloadPerson['user']
  readonly people: { readonly target: PayloadPerson; readonly requester: PayloadPerson }
  /** The grants that it gave or makes longer, as they were before. */
  readonly grants: readonly GrantRow[]
  readonly actor: Actor
  /** How the tasks that this move closes were done. */
  readonly completion: Completion | null
  request: RequestRow
  readonly writes: MoveWrites
}

export function setState(work: Work, state: RequestState): void {
  work.request = { ...work.request, state, status: state.status, updated_at: new Date(work.now) }
}

export function tell(work: Work, type: EventType, told: Telling = {}): void {
  work.writes.events.push(requestEvent(work, type, told))
}
