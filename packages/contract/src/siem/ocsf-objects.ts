/** Objects of OCSF made from actors and targets. Members that nothing is known of are left out. Pure. */
import type { SiemEntry, SiemSource, SiemTarget } from './entry.ts'
import { addressOf, fullNameOf, hostOf, idOf, nameOf, subjectOf, textOf, userAgentOf } from './read-entry.ts'

type Data = Readonly<Record<string, unknown>>

/** As the schema has it, but for its range of characters, which is a typing error there. */
const emailShape = /^[a-zA-Z0-9!#$%&'*+\-/=?^_`{|}~.]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+$/

const userTypes: Readonly<Record<string, readonly [id: number, name: string]>> = {
  UNKNOWN: [0, 'Unknown'],
  USER: [1, 'User'],
  SYSTEM: [3, 'System'],
  API_KEY: [4, 'Service'],
  SCIM: [4, 'Service'],
  SERVICE: [4, 'Service'],
}

/** A user needs a name or an id: one of whom neither is known is called so. */
export function ocsfUser(type: string, data: Data) {
  const [type_id, name] = userTypes[type] ?? [99, type]
  const email = textOf(data, 'email')
  const uid = idOf(data)
  const full_name = fullNameOf(data)
  return {
    name: email ?? nameOf(data) ?? (uid === undefined ? 'unknown' : undefined),
    uid,
    email_addr: email !== undefined && emailShape.test(email) ? email : undefined,
    full_name: type === 'USER' ? full_name : undefined,
    type_id,
    type: name,
  }
}

/** Keyhook itself is an application and not a user. */
export function ocsfActor({ event: { actor } }: SiemEntry) {
  if (actor.actor_type === 'SYSTEM') return { app_name: 'Keyhook' }
  return { user: ocsfUser(actor.actor_type, actor.actor_data) }
}

/** The person that it is about. */
export function ocsfSubject(entry: SiemEntry) {
  const { actor_type, actor_data } = entry.event.actor
  const person = subjectOf(entry)
  return person ? ocsfUser('USER', person) : ocsfUser(actor_type, actor_data)
}

const entityTypes: Readonly<Record<string, readonly [id: number, name: string]>> = {
  USER: [2, 'User'],
  GROUP: [3, 'Group'],
  PRE_APPROVAL_RULE: [5, 'Policy'],
}

/** The first target; what has none changes the installation. */
export function ocsfEntity({ event }: SiemEntry, { baseUrl }: SiemSource) {
  const [target] = event.targets
  if (!target) return { name: 'Keyhook', uid: baseUrl, type_id: 99, type: 'Installation' }
  const { target_type, target_data } = target
  const [type_id, type] = entityTypes[target_type] ?? [99, target_type]
  return { ...named(target), type_id, type, ...partOf(target_type, target_data, named(target)) }
}

/** A user, group or policy is told by its own object too. */
function partOf(type: string, data: Data, name: ReturnType<typeof named>) {
  if (type === 'USER') return { user: ocsfUser(type, data) }
  if (type === 'GROUP') return { group: name }
  return type === 'PRE_APPROVAL_RULE' ? { policy: name } : undefined
}

/** Apps, permissions and whatever else it is about but people. */
export function ocsfResources({ event }: SiemEntry) {
  return event.targets
    .filter(({ target_type }) => target_type !== 'USER')
    .map((target) => ({ ...named(target), type: target.target_type }))
}

/** By name or id: one of them must be there, so what has neither is called by its type. */
function named({ target_type, target_data }: SiemTarget) {
  const uid = idOf(target_data)
  return { name: nameOf(target_data) ?? (uid === undefined ? target_type : undefined), uid }
}

/** Where the call came from; of entries that do not tell, only that it was by Keyhook. */
export function ocsfEndpoint(entry: SiemEntry, { baseUrl }: SiemSource) {
  const ip = addressOf(entry)
  return ip === undefined ? { svc_name: 'keyhook', hostname: hostOf(baseUrl) } : { ip }
}

/** What is known of the call. */
export function ocsfRequest(entry: SiemEntry) {
  const user_agent = userAgentOf(entry)
  return user_agent === undefined ? undefined : { user_agent }
}

/** Values of the permissions, or their labels. */
export function ocsfPrivileges({ event: { event_metadata } }: SiemEntry): string[] | undefined {
  const { permissions } = event_metadata
  if (!Array.isArray(permissions)) return undefined
  const names = permissions.flatMap((permission: unknown) => {
    if (typeof permission !== 'object' || permission === null) return []
    return textOf(permission as Data, 'value') ?? textOf(permission as Data, 'label') ?? []
  })
  return names.length > 0 ? names : undefined
}
