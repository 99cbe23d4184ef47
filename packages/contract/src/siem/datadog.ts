/** Datadog's `/api/v2/logs`: an array of logs. Standard attributes where there are some, the entry itself under `keyhook`. */
import { jsonArray, type SiemEntry, type SiemWriter } from './entry.ts'
import { addressOf, callerOf, errorOf, fullNameOf, hostOf, textOf, userAgentOf } from './read-entry.ts'

export const datadog: SiemWriter = {
  frame: () => jsonArray,
  writer: ({ baseUrl, version }) => {
    const from = { hostname: hostOf(baseUrl), ddtags: `version:${version}` }
    return (entry) => JSON.stringify(log(entry, from))
  },
}

/** The table of the mapping. */
function log(entry: SiemEntry, { hostname, ddtags }: { hostname: string; ddtags: string }) {
  const { event } = entry
  const failed = event.outcome === 'FAILED'
  const who = callerOf(entry)
  const userAgent = userAgentOf(entry)
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
    ...(userAgent !== undefined && { http: { useragent: userAgent } }),
    ...(error !== undefined && { error: { message: error } }),
    keyhook: entry,
  }
}

/** One line for people: what, and by whom. */
function messageOf({ event: { actor, event_type_user_friendly } }: SiemEntry): string {
  const name = textOf(actor.actor_data, 'email') ?? fullNameOf(actor.actor_data)
  return name === undefined ? event_type_user_friendly : `${event_type_user_friendly} by ${name}`
}
