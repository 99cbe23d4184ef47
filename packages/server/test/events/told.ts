/** What the activity log tells, as the API reads it. */
import type { EventPage, EventRead } from '@keyhook/contract/api/event.ts'
import type { EventType } from '@keyhook/contract/event-types.ts'
import { expect } from 'vitest'
import type { TestService } from '../support/harness.ts'

/** Entries of a type, the oldest first. */
export async function told(
  service: Pick<TestService, 'api'>,
  type: EventType,
  filter: Record<string, string> = {},
): Promise<EventRead['event'][]> {
  const query = new URLSearchParams({ type, order: 'oldest', limit: '200', ...filter })
  const page = await service.api<EventPage>('GET', `/events?${query}`)
  if (page.status !== 200) throw new Error(page.text)
  return page.body.data.map(({ event }) => event)
}

/** The last entry of a type. */
export async function lastTold(
  service: Pick<TestService, 'api'>,
  type: EventType,
): Promise<EventRead['event'] | undefined> {
  return (await told(service, type)).at(-1)
}

/** The administrator's API key of a test service as the log names it. */
export const testKeyActor = {
  actor_type: 'API_KEY',
  actor_data: {
    id: expect.stringMatching(/^key_/),
    email: '',
    given_name: 'KEYHOOK_BOOTSTRAP_KEY',
    family_name: '',
  },
}
