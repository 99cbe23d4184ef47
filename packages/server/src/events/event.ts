/** An entry of the activity log before it is written. Pure. */
import type { Principal } from '../http/principal.ts'
import type { EventType } from './event-types.ts'

/** Who did it. People are told with name and address, so that the entry reads well when they are gone. */
export type Actor =
  | { type: 'USER'; id: string; email: string; given_name: string; family_name: string }
  | { type: 'API_KEY'; id: string; name: string }
  | { type: 'SCIM'; id: string; name: string }
  | { type: 'SYSTEM' }
  /** Somebody who did not prove who they are. */
  | { type: 'UNKNOWN' }

export type Target = { type: string; data: Record<string, unknown> }

export type NewEvent = {
  type: EventType
  actor: Actor
  targets?: Target[]
  metadata?: Record<string, unknown>
  outcome?: 'SUCCEEDED' | 'FAILED'
  requestId?: string | null
  appId?: string | null
}

export const system: Actor = { type: 'SYSTEM' }
export const unknown: Actor = { type: 'UNKNOWN' }

/** The caller as the log names them. */
export function actorOf(principal: Principal): Actor {
  if (principal.kind === 'api_key') return { type: 'API_KEY', id: principal.id, name: principal.name }
  const [given_name = '', ...rest] = principal.name.split(' ')
  return {
    type: 'USER',
    id: principal.id,
    email: principal.email ?? '',
    given_name,
    family_name: rest.join(' '),
  }
}

/** `actor_data` of the published payload, and the id. Every actor has the three published members. */
export function actorData(actor: Actor): Record<string, unknown> {
  if (actor.type === 'SYSTEM') return { email: '', given_name: 'Keyhook', family_name: '' }
  if (actor.type === 'UNKNOWN') return { email: '', given_name: '', family_name: '' }
  if (actor.type === 'USER') {
    const { id, email, given_name, family_name } = actor
    return { id, email, given_name, family_name }
  }
  return { id: actor.id, email: '', given_name: actor.name, family_name: '' }
}
