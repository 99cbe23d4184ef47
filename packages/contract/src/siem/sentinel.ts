/** Microsoft Sentinel by the Logs Ingestion API: an array of flat rows for a table of one's own. */
import { jsonArray, type SiemEntry, type SiemSource, type SiemWriter } from './entry.ts'
import { addressOf, errorOf, fullNameOf, idOf, nameOf, textOf } from './read-entry.ts'

export type SentinelColumn = {
  readonly name: string
  /** As a data collection rule calls it. */
  readonly type: 'datetime' | 'string' | 'long' | 'dynamic'
  readonly read: (entry: SiemEntry, source: SiemSource) => unknown
}

/**
 * The table of the mapping, in the order of the columns. None has a name that Log Analytics keeps for itself (`Type`,
 * `TenantId`, `Title`, …). Empty columns are left out of a row.
 */
export const sentinelColumns: readonly SentinelColumn[] = [
  { name: 'TimeGenerated', type: 'datetime', read: ({ event }) => event.event_began_at },
  // Log Analytics replaces a TimeGenerated of more than two days ago: this one stays.
  { name: 'EventBeganAt', type: 'datetime', read: ({ event }) => event.event_began_at },
  { name: 'EventId', type: 'string', read: ({ id }) => id },
  { name: 'EventType', type: 'string', read: ({ event }) => event.event_type },
  { name: 'EventName', type: 'string', read: ({ event }) => event.event_type_user_friendly },
  { name: 'EventOutcome', type: 'string', read: ({ event }) => event.outcome },
  { name: 'EventError', type: 'string', read: errorOf },
  { name: 'ActorType', type: 'string', read: ({ event }) => event.actor.actor_type },
  { name: 'ActorId', type: 'string', read: ({ event }) => textOf(event.actor.actor_data, 'id') },
  { name: 'ActorEmail', type: 'string', read: ({ event }) => textOf(event.actor.actor_data, 'email') },
  { name: 'ActorName', type: 'string', read: ({ event }) => fullNameOf(event.actor.actor_data) },
  { name: 'ClientIp', type: 'string', read: addressOf },
  { name: 'TargetType', type: 'string', read: ({ event }) => event.targets[0]?.target_type },
  { name: 'TargetId', type: 'string', read: ({ event }) => ofFirst(event.targets, idOf) },
  { name: 'TargetName', type: 'string', read: ({ event }) => ofFirst(event.targets, nameOf) },
  { name: 'AccessRequestId', type: 'string', read: (entry) => entry.access_request_id ?? undefined },
  { name: 'AppId', type: 'string', read: ({ app_id }) => app_id ?? undefined },
  { name: 'LogPosition', type: 'long', read: ({ position }) => position },
  { name: 'LoggedAt', type: 'datetime', read: ({ logged_at }) => logged_at },
  { name: 'EventHash', type: 'string', read: ({ event }) => event.event_hash },
  { name: 'SourceUrl', type: 'string', read: (_entry, { baseUrl }) => baseUrl },
  { name: 'SourceVersion', type: 'string', read: (_entry, { version }) => version },
  { name: 'Actor', type: 'dynamic', read: ({ event }) => event.actor.actor_data },
  { name: 'Targets', type: 'dynamic', read: ({ event }) => event.targets },
  { name: 'EventMetadata', type: 'dynamic', read: ({ event }) => event.event_metadata },
]

export const sentinel: SiemWriter = {
  frame: () => jsonArray,
  writer: (source) => (entry) => JSON.stringify(row(entry, source)),
}

function row(entry: SiemEntry, source: SiemSource): Record<string, unknown> {
  const cells: Record<string, unknown> = {}
  for (const { name, read } of sentinelColumns) cells[name] = read(entry, source)
  return cells
}

function ofFirst(
  [target]: SiemEntry['event']['targets'],
  read: (data: Readonly<Record<string, unknown>>) => string | undefined,
): string | undefined {
  return target && read(target.target_data)
}
