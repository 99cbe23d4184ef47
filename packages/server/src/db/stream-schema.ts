/** Row types of the streams to SIEM webhooks. Times are `Date`; positions come as text from the driver. */
import type { ColumnType, Generated } from 'kysely'
import type { Json } from './json-column.ts'

export type StreamTables = { siem_streams: StreamTable }

type Position = ColumnType<string, number, number>

/** A cursor over the log: the live one of each SIEM webhook, and one for each range that is being sent again. */
export type StreamTable = {
  id: string
  webhook_id: string
  kind: 'live' | 'replay'
  /** The first position that it was about, for a replay. */
  first_position: Position
  /** Every entry up to here was taken, set aside or filtered out. */
  position: Position
  /** A replay ends with this one; null: it never ends. */
  last_position: ColumnType<string | null, number | null, number | null>
  /** Up to here entries are dealt with or in `planned`. */
  window_end: Position
  /** What is being sent, and the window behind it: written before, so that it is sent again under the same ids after a crash. */
  planned: Json<PlannedBatch[]>
  /** The process that sends; see db/process-lease.ts. */
  process_id: string | null
  paused_at: Date | null
  sent_events: ColumnType<string, number | undefined, number>
  /** Events per second of late. */
  rate: Generated<number>
  /** Events set aside since the last one that was taken. */
  refused_in_a_row: Generated<number>
  last_success_at: Date | null
  failing_since: Date | null
  last_failure: ColumnType<StreamFailure | null, string | null | undefined, string | null>
  /** When administrators were told that it is behind; null: it is not. */
  alerted_at: Date | null
  created_at: Date
}

export type PlannedBatch = {
  /** Of the delivery. */
  id: string
  /** Spans of positions, both ends included. */
  runs: [first: number, last: number][]
  count: number
  /** Where its window ends. Absent in what was written by a version before: that is one window. */
  window?: number
  /** Made until now. */
  attempts: number
  /** Of these, those that the receiver refused for what was in them. */
  refusals: number
  /** A part of a batch that was refused as a whole: it is divided on, without further tries, until the culprit is alone. */
  suspect: boolean
}

export type StreamFailure = {
  at: string
  explanation: string
  http_status: number | null
  /** Whether it does not let us in: only a person can mend that. Absent in what was written by a version before. */
  refused_access?: boolean
  delivery_id: string
}
