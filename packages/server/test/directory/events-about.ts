import type { TestService } from '../support/harness.ts'

type Told = { id: string; type: string; metadata: Record<string, unknown> }

/** What the log tells about something, the oldest first; also what has no place in it yet. */
export async function eventsAbout({ ctx: { db } }: Pick<TestService, 'ctx'>, id: string): Promise<Told[]> {
  const columns = ['id', 'type', 'metadata', 'targets'] as const
  // In this order: what gets its place in between is found in the second place.
  const waiting = await db.selectFrom('event_inbox').select(columns).orderBy('seq').execute()
  const placed = await db.selectFrom('events').select(columns).orderBy('position').execute()
  const known = new Set(placed.map((event) => event.id))
  return [...placed, ...waiting.filter((event) => !known.has(event.id))].filter(({ targets }) =>
    targets.some(({ target_data }) => target_data.id === id),
  )
}
