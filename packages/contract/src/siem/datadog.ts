/** Datadog's `/api/v2/logs`: an array of logs. Standard attributes where there are some, the entry itself under `keyhook`. */
import type { SiemEntry, SiemWriter } from './entry.ts'
import { addressOf, errorOf, fullNameOf, hostOf, textOf } from './read-entry.ts'

export const writeDatadog: SiemWriter = (entries, { baseUrl, version }) => {
  const from = { hostname: hostOf(baseUrl), ddtags: `version:${version}` }
  return {
    contentType: 'application/json',
    text: JSON.stringify(entries.map((entry) => log(entry, from))),
  }
}

/** The table of the mapping. */
function log(entry: SiemEntry, { hostname, ddtags }: { hostname: string; ddtags: string }) {
  const { event } = entry
  const failed = event.outcome === 'FAILED'
  const who = event.actor.actor_data
  const address = addressOf(entry)
  const error = errorOf(entry)
  return {
    ddsource: 'keyhook',
    service: 'keyhook',
    hostname,
    ddtags,
    timestamp: event.event_began_at,
    status: failed ? 'warn' : 'info',
    message: messageOf(entry),
    evt: { id: entry.id, name: event.event_type, outcome: failed ? 'failure' : 'success' },
    usr: { id: textOf(who, 'id'), email: textOf(who, 'email'), name: fullNameOf(who) },
    ...(address !== undefined && { network: { client: { ip: address } } }),
    ...(error !== undefined && { error: { message: error } }),
    keyhook: entry,
  }
}

/** One line for people: who, what and to whom. */
function messageOf({ event }: SiemEntry): string {
  const who = event.actor.actor_data
  const name = textOf(who, 'email') ?? fullNameOf(who) ?? event.actor.actor_type
  return `${event.event_type_user_friendly} by ${name}${event.outcome === 'FAILED' ? ' (failed)' : ''}`
}
