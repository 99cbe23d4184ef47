/**
 * CloudEvents 1.0, JSON format: one entry as a structured event, several as a batch. `id` and `source` are the same whenever
 * the entry is sent, so that receivers can leave out what they have.
 */
import { jsonArray, jsonObject, type SiemEntry, type SiemWriter } from './entry.ts'
import { idOf, nameOf } from './read-entry.ts'

const single = { ...jsonObject, contentType: 'application/cloudevents+json' }
const batch = { ...jsonArray, contentType: 'application/cloudevents-batch+json' }

export const cloudevents: SiemWriter = {
  frame: (count) => (count === 1 ? single : batch),
  writer:
    ({ baseUrl }) =>
    (entry) =>
      JSON.stringify(cloudEvent(entry, baseUrl)),
}

/** The table of the mapping. Names of extension attributes are lower-case letters and digits. */
function cloudEvent(entry: SiemEntry, baseUrl: string) {
  const { event } = entry
  return {
    specversion: '1.0',
    id: entry.id,
    source: baseUrl,
    type: `dev.keyhook.${event.event_type.toLowerCase()}`,
    subject: subjectOf(entry),
    time: event.event_began_at,
    datacontenttype: 'application/json',
    // Of the published extension: compared as text, so it has the digits of the largest position.
    sequence: String(entry.position).padStart(sequenceDigits, '0'),
    // Of the published extension: when it was recorded, where `time` is when it happened.
    recordedtime: entry.logged_at,
    // Ours. null means absent, and absent attributes are left out.
    accessrequestid: entry.access_request_id ?? undefined,
    appid: entry.app_id ?? undefined,
    data: event,
  }
}

const sequenceDigits = String(Number.MAX_SAFE_INTEGER).length

/** What the event is about: type and id of the first target, such as `access_request/req_…`. */
function subjectOf({ event }: SiemEntry): string | undefined {
  const [target] = event.targets
  if (!target) return undefined
  const kind = target.target_type.toLowerCase()
  const which = idOf(target.target_data) ?? nameOf(target.target_data)
  return which === undefined || unfit.test(which) ? kind : `${kind}/${which}`
}

/** What a String of CloudEvents must not have: control characters and lone surrogates. */
const unfit = /\p{Cc}|\p{Cs}/u
