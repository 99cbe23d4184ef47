/** Entries of the activity log about apps and what belongs to them. Pure. */
import type { Actor, NewEvent, Target } from '../events/event.ts'
import type { EventType } from '../events/event-types.ts'

type AppTold = { id: string; slug: string; name: string }

export function appTarget({ id, slug, name }: AppTold): Target {
  return { type: 'APP', data: { id, app_id: slug, name } }
}

export function appEvent(
  type: EventType,
  app: AppTold,
  actor: Actor,
  metadata: Record<string, unknown>,
  more: Target[] = [],
): NewEvent {
  return { type, actor, targets: [appTarget(app), ...more], metadata, appId: app.id }
}
