/** Entries of the activity log about access that is not used. Pure. */
import type { GrantRow } from '../access/request-store.ts'
import { type Actor, type NewEvent, system } from '../events/event.ts'
import type { EventType } from '../events/event-types.ts'

type About = Pick<GrantRow, 'id' | 'request_id' | 'app_id' | 'user_id'>

export function toldOfInactivity(grant: About & { used_at: Date }, removalAt: Date): NewEvent {
  const until = removalAt.toISOString()
  return grantEvent('APP_STORE_TOLD_OF_INACTIVITY', system, grant, {
    used_at: grant.used_at.toISOString(),
    removal_at: until,
    text: `Not used since ${dateOf(grant.used_at)}. It is removed on ${until.slice(0, 10)} unless it is used before.`,
  })
}

export function noticeCancelled(grant: About, usedAt: Date, actor: Actor): NewEvent {
  return grantEvent('APP_STORE_CANCEL_INACTIVITY_NOTICE', actor, grant, {
    used_at: usedAt.toISOString(),
    text: `Used on ${dateOf(usedAt)}. It is not removed.`,
  })
}

function grantEvent(
  type: EventType,
  actor: Actor,
  { id, request_id, app_id, user_id }: About,
  metadata: Record<string, unknown>,
): NewEvent {
  return {
    type,
    actor,
    targets: [
      { type: 'GRANT', data: { id } },
      { type: 'USER', data: { id: user_id } },
      { type: 'APP', data: { id: app_id } },
    ],
    metadata,
    requestId: request_id,
    appId: app_id,
  }
}

function dateOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}
