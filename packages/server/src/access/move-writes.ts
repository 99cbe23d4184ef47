/** What moves want written, gathered first, so that the moves of many requests share a few statements. */
import type { EndReason, GrantStatus } from '@keyhook/contract/access-words.ts'
import type { NewEvent } from '../events/event.ts'
import type { NewNotice } from '../notices/notice-orders.ts'
import type { CallRow, GrantRow, TaskRow } from './request-store.ts'
import type { Completion } from './task-store.ts'

export type MoveWrites = {
  events: NewEvent[]
  notices: NewNotice[]
  calls: CallRow[]
  /** Open tasks of these permissions end; null: all of the request. Before new ones are opened. */
  closings: Closing[]
  /** Somebody has decided, and the step waits for others still. */
  decided: { requestId: string; principalId: string }[]
  /** Others may decide too. */
  escalations: { requestId: string; principalId: string }[]
  tasks: { row: TaskRow; assigneeIds: readonly string[] }[]
  grants: GrantRow[]
  /** Later ones win. */
  grantChanges: GrantChange[]
  extensions: { grantIds: readonly string[]; expiresAt: Date | null; warnAt: Date | null }[]
}

export type Closing = {
  requestId: string
  permissionIds: readonly string[] | null
  completion: Completion | null
}

export type GrantChange = {
  requestId: string
  permissionId: string
  status: GrantStatus
  /** null: as it was. */
  reason: EndReason | null
  endedAt: Date | null
}

export function noWrites(): MoveWrites {
  return {
    events: [],
    notices: [],
    calls: [],
    closings: [],
    decided: [],
    escalations: [],
    tasks: [],
    grants: [],
    grantChanges: [],
    extensions: [],
  }
}

/** All in one, in their order. */
export function joinWrites(all: readonly MoveWrites[]): MoveWrites {
  return {
    events: all.flatMap((writes) => writes.events),
    notices: all.flatMap((writes) => writes.notices),
    calls: all.flatMap((writes) => writes.calls),
    closings: all.flatMap((writes) => writes.closings),
    decided: all.flatMap((writes) => writes.decided),
    escalations: all.flatMap((writes) => writes.escalations),
    tasks: all.flatMap((writes) => writes.tasks),
    grants: all.flatMap((writes) => writes.grants),
    grantChanges: all.flatMap((writes) => writes.grantChanges),
    extensions: all.flatMap((writes) => writes.extensions),
  }
}
