/** Row types of the activity log. Times are `Date`; positions come as text from the driver. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { Json } from './json-column.ts'

export type LogTables = {
  event_inbox: EventInboxTable
  events: EventTable
  log_head: LogHeadTable
  log_checkpoints: LogCheckpointTable
  legal_holds: LegalHoldTable
  saved_searches: SavedSearchTable
}

type Position = ColumnType<string, number, number>

/** What happened, written in the transaction of the change; it has no place in the log yet. */
export type EventInboxTable = EventColumns & {
  /** In the order of writing, also within a transaction. */
  seq: GeneratedAlways<string>
}

export type EventColumns = {
  id: string
  type: string
  /** Words for people; null: those of the catalogue. */
  label: string | null
  actor: Json<{ actor_type: string; actor_data: Record<string, unknown> }>
  targets: Json<{ target_type: string; target_data: Record<string, unknown> }[]>
  metadata: Json<Record<string, unknown>>
  outcome: 'SUCCEEDED' | 'FAILED'
  began_at: Date
  actor_id: string | null
  request_id: string | null
  app_id: string | null
}

/** The log: entries in their order, chained. In one partition for each month of `logged_at`. */
export type EventTable = EventColumns & {
  position: Position
  logged_at: Date
  /** SHA-512, 128 hex digits. */
  hash: string
  /** Ids of what it is about, for filters. */
  target_ids: string[]
}

/** One row: where the chain stands. Who numbers entries holds its lock. */
export type LogHeadTable = {
  position: Position
  hash: string
  logged_at: Date
  /** Entries before this one are gone: their partitions were dropped. */
  first_position: Position
  checkpoint_position: Position
  checkpoint_at: Date
}

export type LogCheckpointTable = {
  position: Position
  /** The signed statement, see events/checkpoint.ts. */
  checkpoint: Json<unknown>
  made_at: Date
}

/** While one is not lifted, no month leaves the log. */
export type LegalHoldTable = {
  id: string
  reason: string
  placed_at: Date
  placed_by: string
  lifted_at: Date | null
}

/** Filters of the log that an administrator keeps. */
export type SavedSearchTable = {
  id: string
  owner_id: string
  owner_name: string
  name: string
  filters: Json<Record<string, string>>
  shared: boolean
  version: Generated<number>
  created_at: Date
  updated_at: Date
}
