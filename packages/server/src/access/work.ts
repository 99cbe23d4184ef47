/** What one move of a request works with, inside its transaction. */
import type { Transaction } from 'kysely'
import type { AppSetup } from '../apps/app-store.ts'
import type { UserRow } from '../apps/people.ts'
import type { Conditions } from '../conditions/conditions.ts'
import type { Tables } from '../db/schema.ts'
import type { Actor, NewEvent } from '../events/event.ts'
import type { EventType } from '../events/event-types.ts'
import type { NewNotice } from '../notices/notice-orders.ts'
import { requestEvent, type Telling } from './request-log.ts'
import type { RequestState } from './request-state.ts'
import type { CallRow, RequestRow } from './request-store.ts'
import type { Completion } from './task-store.ts'

export type WorkParts = {
  conditions: Conditions
  processId: string
  taskUrl(requestId: string): string
}

export type Work = {
  readonly tx: Transaction<Tables>
  readonly now: number
  readonly setup: AppSetup
  readonly target: UserRow
  readonly actor: Actor
  /** How the tasks that this move closes were done. */
  readonly completion: Completion | null
  request: RequestRow
  readonly events: NewEvent[]
  readonly calls: CallRow[]
  readonly notices: NewNotice[]
}

export function setState(work: Work, state: RequestState): void {
  work.request = { ...work.request, state, status: state.status, updated_at: new Date(work.now) }
}

export function tell(work: Work, type: EventType, told: Telling = {}): void {
  work.events.push(requestEvent(work, type, told))
}
