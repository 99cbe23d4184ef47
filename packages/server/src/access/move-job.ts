/** What is asked of requests, and what came of it. */
import type { Actor } from '../events/event.ts'
import type { IdempotencyKey } from '../http/idempotency.ts'
import type { FactsWanted, RequestFacts } from './request-facts.ts'
import type { Telling } from './request-log.ts'
import type { Draft, RequestEvent } from './request-state.ts'
import type { CallRow, GrantRow, RequestRow } from './request-store.ts'
import type { Completion } from './task-store.ts'

export type NewRequest = {
  appId: string
  requesterId: string
  targetUserId: string
  draft: Draft
  justification: string
  customFields: RequestRow['custom_fields']
  extendsGrantIds: string[]
}

export type MoveOptions = {
  actor?: Actor
  told?: Telling
  completion?: Completion
  /** The call that this is the answer to: it is done with this move, once. */
  callId?: string
}

/** The event for a request as it is now, with its grants; null: nothing is to be done. */
export type MakeEvent = (request: RequestRow, grants: readonly GrantRow[]) => RequestEvent | null

/** The request that is asked for, from what is known of its app and people. Throws what is wrong with it. */
export type MakeRequest = (facts: RequestFacts) => NewRequest

export type SubmitOptions = {
  actor: Actor
  /** null: without one. */
  key: IdempotencyKey | null
}

export type SubmitJob = { type: 'submit'; wanted: FactsWanted; make: MakeRequest; options: SubmitOptions }
export type MoveJob = { type: 'move'; requestId: string; make: MakeEvent; options: MoveOptions }
export type Job = SubmitJob | MoveJob

/** A webhook that is to be asked, with what it is sent. */
export type Asked = { call: CallRow; payload: Record<string, unknown> }

/** `key_taken`: the idempotency key led to another request already. */
export type JobDone =
  | { type: 'done'; request: RequestRow; asked: Asked[] }
  | { type: 'refused'; error: unknown }
  | { type: 'key_taken' }
