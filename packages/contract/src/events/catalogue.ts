/**
 * The catalogue of events: for each type its words, when it is appended, what its metadata holds, and an example. Pages, the
 * API and the tests of what is appended come from it; a type without an entry does not compile.
 */
import { z } from 'zod'
import type { EventRead } from '../api/event.ts'
import { type EventType, eventTypes, labelOfEventType } from '../event-types.ts'
import { appEvents } from './apps.ts'
import type { EventDescription } from './describe.ts'
import { directoryEvents } from './directory.ts'
import { lifecycleEvents } from './lifecycle.ts'
import { logEvents } from './log.ts'
import { noticeEvents } from './notices.ts'
import { requestEvents } from './requests.ts'
import { reviewEvents } from './reviews.ts'
import { signInEvents } from './sign-in.ts'
import { webhookEvents } from './webhooks.ts'

export const eventCatalogue = {
  ...requestEvents,
  ...reviewEvents,
  ...lifecycleEvents,
  ...appEvents,
  ...directoryEvents,
  ...signInEvents,
  ...webhookEvents,
  ...noticeEvents,
  ...logEvents,
} as const satisfies Record<EventType, EventDescription>

export const catalogueTypes = Object.keys(eventCatalogue) as EventType[]

/** A complete entry of this type, as the API and SIEM webhooks tell it. */
export function exampleOf(type: EventType): EventRead {
  const { actor, targets, metadata, outcome } = eventCatalogue[type].example as EventDescription['example']
  const idOf = (kind: string) => {
    const id = targets.find(({ target_type }) => target_type === kind)?.target_data.id
    return typeof id === 'string' ? id : null
  }
  return {
    id: 'evt_0199a1b2c3d47e5f8a9b0c1d2e3f4a5b',
    position: 4_711,
    logged_at: '2026-07-18T09:24:31.402Z',
    access_request_id: idOf('ACCESS_REQUEST'),
    app_id: idOf('APP'),
    event: {
      actor,
      event_type: type,
      event_type_user_friendly: labelOfEventType(type),
      event_began_at: '2026-07-18T09:24:31.125Z',
      event_hash: '5e1c3a7f90b24d68'.repeat(8),
      event_metadata: metadata,
      outcome,
      targets: [...targets],
    },
  }
}

/** What is wrong with an event, in a sentence for each; empty when it is as the catalogue says. `CUSTOM_` types are free. */
export function catalogueErrors(type: string, metadata: unknown): string[] {
  if (type.startsWith('CUSTOM_')) return []
  if (!Object.hasOwn(eventTypes, type)) return [`${type} is not in the catalogue`]
  const checked = eventCatalogue[type as EventType].metadata.safeParse(metadata)
  return checked.success
    ? []
    : checked.error.issues.map(({ path, message }) => `${type}: metadata/${path.join('/')}: ${message}`)
}

/** The metadata of a type as JSON Schema. */
export function metadataSchemaOf(type: EventType): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(eventCatalogue[type].metadata, { io: 'input' })
  return schema
}
