/**
 * OCSF, the Open Cybersecurity Schema Framework: one event, or an array of them. The class of each event type is in
 * ocsf-event-types.ts; what OCSF has no attribute for is in `unmapped`, so that nothing is lost.
 */
import { jsonArray, jsonObject, type SiemEntry, type SiemSource, type SiemWriter } from './entry.ts'
import { type OcsfKind, severities } from './ocsf-classes.ts'
import { ocsfKindOf } from './ocsf-event-types.ts'
import {
  ocsfActor,
  ocsfEndpoint,
  ocsfEntity,
  ocsfPrivileges,
  ocsfRequest,
  ocsfResources,
  ocsfSubject,
} from './ocsf-objects.ts'
import { errorOf, textOf } from './read-entry.ts'

/** Of the schema that the tests check against. */
export const ocsfVersion = '1.9.0-dev'

export const ocsf: SiemWriter = {
  frame: (count) => (count === 1 ? jsonObject : jsonArray),
  writer: (source) => (entry) => JSON.stringify(ocsfEvent(entry, source)),
}

const severityNames = ['', 'Informational', 'Low', 'Medium'] as const

/** `kind`: that of the event's type. */
export function ocsfEvent(entry: SiemEntry, source: SiemSource, kind = ocsfKindOf(entry.event.event_type)) {
  const { event } = entry
  const failed = event.outcome === 'FAILED'
  const severity = failed ? Math.max(severities[kind.severity], severities.low) : severities[kind.severity]
  const other = kind.activityId === 99
  const activity = other ? event.event_type_user_friendly : kind.activityName
  return {
    class_uid: kind.classUid,
    class_name: kind.className,
    category_uid: kind.categoryUid,
    category_name: kind.categoryName,
    activity_id: kind.activityId,
    activity_name: activity,
    type_uid: kind.typeUid,
    type_name: `${kind.className}: ${other ? 'Other' : activity}`,
    severity_id: severity,
    severity: severityNames[severity],
    status_id: failed ? 2 : 1,
    status: failed ? 'Failure' : 'Success',
    status_detail: errorOf(entry),
    time: Date.parse(event.event_began_at),
    message: event.event_type_user_friendly,
    metadata: metadataOf(entry, source),
    actor: ocsfActor(entry),
    ...attributesOf(kind, entry, source),
    unmapped: {
      actor: event.actor,
      targets: event.targets,
      event_metadata: event.event_metadata,
      event_hash: event.event_hash,
      app_id: entry.app_id,
    },
  }
}

function metadataOf({ id, position, logged_at, access_request_id, event }: SiemEntry, source: SiemSource) {
  return {
    version: ocsfVersion,
    product: {
      name: 'Keyhook',
      vendor_name: 'Keyhook',
      version: source.version,
      url_string: source.baseUrl,
    },
    uid: id,
    event_code: event.event_type,
    sequence: position,
    logged_time: Date.parse(logged_at),
    original_time: event.event_began_at,
    log_name: 'activity_log',
    correlation_uid: access_request_id ?? undefined,
  }
}

/** What the class has beyond every event. */
function attributesOf({ of }: OcsfKind, entry: SiemEntry, source: SiemSource) {
  switch (of) {
    case 'accountChange':
      return { user: ocsfSubject(entry) }
    case 'authentication':
      return {
        user: ocsfSubject(entry),
        service: { name: 'Keyhook', uid: source.baseUrl, version: source.version },
        src_endpoint: ocsfEndpoint(entry, source),
        http_request: ocsfRequest(entry),
        is_remote: true,
      }
    case 'entityManagement':
      return {
        entity: ocsfEntity(entry, source),
        comment: textOf(entry.event.event_metadata, 'text'),
      }
    case 'userAccess':
      return {
        user: ocsfSubject(entry),
        privileges: ocsfPrivileges(entry),
        resources: ocsfResources(entry),
      }
    case 'apiActivity':
      return {
        api: {
          operation: textOf(entry.event.event_metadata, 'operation') ?? entry.event.event_type,
          service: { name: 'Keyhook', version: source.version },
        },
        src_endpoint: ocsfEndpoint(entry, source),
        http_request: ocsfRequest(entry),
        resources: ocsfResources(entry),
      }
  }
}
