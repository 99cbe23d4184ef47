import { z } from 'zod'
import { eventGroups } from '../events/describe.ts'
import { eventRead } from './event.ts'
import { pageOf } from './list.ts'

const groups = Object.keys(eventGroups) as [keyof typeof eventGroups]

/** A type of event as the catalogue describes it. */
export const eventTypeRead = z
  .object({
    type: z.string(),
    words: z.string().describe('For people: `event_type_user_friendly`'),
    group: z.enum(groups),
    group_words: z.string(),
    when: z.string().describe('When it is appended'),
    metadata_schema: z.record(z.string(), z.unknown()).describe('JSON Schema of `event_metadata`'),
    example: eventRead,
  })
  .meta({ id: 'EventType' })

export const eventTypePage = pageOf(eventTypeRead)

export type EventTypeRead = z.infer<typeof eventTypeRead>
