/** The published shape: the event first, then what Keyhook adds beside it. The default format. */
import type { SiemEntry, SiemWriter } from './entry.ts'

export const writeLumos: SiemWriter = (entries) => {
  const [only] = entries
  const text =
    entries.length === 1 && only
      ? JSON.stringify(withEventFirst(only))
      : JSON.stringify({ events: entries.map(withEventFirst) })
  return { contentType: 'application/json', text }
}

/** Receivers that were written for the published shape look at `event` and need not know the rest. */
function withEventFirst({ event, id, position, logged_at, access_request_id, app_id }: SiemEntry) {
  return { event, id, position, logged_at, access_request_id, app_id }
}
