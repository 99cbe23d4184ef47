import { type EventTypeRead, eventTypePage } from '@keyhook/contract/api/event-type.ts'
import type { EventType } from '@keyhook/contract/event-types.ts'
import {
  catalogueTypes,
  eventCatalogue,
  exampleOf,
  metadataSchemaOf,
} from '@keyhook/contract/events/catalogue.ts'
import { eventGroups } from '@keyhook/contract/events/describe.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { problems } from '../http/problem-responses.ts'
import { labelOfEventType } from './event-types.ts'

/** It changes with the version only; made when it is first asked for. */
let catalogue: EventTypeRead[] | null = null

/** The catalogue of events. */
export const eventTypeRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/event-types',
    {
      schema: {
        operationId: 'listEventTypes',
        summary: 'List the types of events, with when each is appended and what it holds',
        description:
          'All of them, in one answer. Events of other systems have types of their own, which begin with `CUSTOM_`.',
        tags: ['Events'],
        response: { 200: eventTypePage, ...problems() },
      },
    },
    async () => {
      catalogue ??= catalogueTypes.map(readType)
      return { data: catalogue, next_cursor: null }
    },
  )
}

function readType(type: EventType): EventTypeRead {
  const { group, when } = eventCatalogue[type]
  return {
    type,
    words: labelOfEventType(type),
    group,
    group_words: eventGroups[group],
    when,
    metadata_schema: metadataSchemaOf(type),
    example: exampleOf(type),
  }
}
