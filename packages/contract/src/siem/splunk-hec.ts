/** Splunk's HTTP Event Collector, `/services/collector/event`: one object after the other, no array around them. */
import { jsonObject, type SiemEntry, type SiemWriter } from './entry.ts'
import { hostOf } from './read-entry.ts'

const objects = { ...jsonObject, between: '\n' }

export const splunkHec: SiemWriter = {
  frame: () => objects,
  writer: ({ baseUrl }) => {
    const host = hostOf(baseUrl)
    return (entry) => JSON.stringify(collectorEvent(entry, host))
  },
}

/** The table of the mapping. Splunk finds the members of `event` by itself, so there are no indexed `fields`. */
function collectorEvent({ event, ...entry }: SiemEntry, host: string) {
  return {
    /** Seconds with milliseconds. */
    time: Date.parse(event.event_began_at) / 1_000,
    host,
    source: 'keyhook',
    sourcetype: 'keyhook:event',
    // Flat, so that a search says `event_type=…` and not `event.event_type=…`.
    event: { ...event, ...entry },
  }
}
