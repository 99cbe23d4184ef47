/** What several formats want of an entry: ids, names and addresses of whom and what it is about. Pure. */
import type { SiemEntry } from './entry.ts'

type Data = Readonly<Record<string, unknown>>

/** The text of a member; undefined when there is none, so that the format leaves the attribute out. */
export function textOf(data: Data, member: string): string | undefined {
  const value = data[member]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function fullNameOf(data: Data): string | undefined {
  const given = textOf(data, 'given_name')
  const family = textOf(data, 'family_name')
  return given && family ? `${given} ${family}` : (given ?? family)
}

/** What people call a target: the log names each kind of thing by another member. */
export function nameOf(data: Data): string | undefined {
  return (
    textOf(data, 'name') ??
    textOf(data, 'label') ??
    textOf(data, 'user_friendly_label') ??
    fullNameOf(data) ??
    textOf(data, 'email')
  )
}

/** Ours have `id`; those of other systems may have others. */
export function idOf(data: Data): string | undefined {
  return textOf(data, 'id') ?? textOf(data, 'instance_id') ?? textOf(data, 'app_id')
}

/** Why it failed, in the words of a receiver or a person, or in one of ours. */
export function errorOf({ event: { outcome, event_metadata } }: SiemEntry): string | undefined {
  if (outcome !== 'FAILED') return undefined
  return textOf(event_metadata, 'error_message') ?? textOf(event_metadata, 'reason')
}

/** The person that it is about; people who act on themselves are no target. null: whoever did it. */
export function subjectOf({ event }: SiemEntry): Data | null {
  const person = event.targets.find(({ target_type }) => target_type === 'USER')
  if (person) return person.target_data
  // Somebody who did not prove who they are, and the address that they gave.
  const email = textOf(event.event_metadata, 'email')
  return event.actor.actor_type === 'UNKNOWN' && email !== undefined ? { email } : null
}

/** Who did it: of somebody who did not prove who they are, who they said they are. */
export function callerOf(entry: SiemEntry): Data {
  const { actor_type, actor_data } = entry.event.actor
  return (actor_type === 'UNKNOWN' ? subjectOf(entry) : null) ?? actor_data
}

/** The program of the caller. */
export function userAgentOf({ event }: SiemEntry): string | undefined {
  return textOf(event.event_metadata, 'user_agent')
}

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/
const ipv6 = /^[\da-f:.]*:[\da-f:.]*$/i

/** Address that a request came from, where the entry tells it; events of other systems may say anything there. */
export function addressOf({ event }: SiemEntry): string | undefined {
  const address = textOf(event.event_metadata, 'ip')
  if (address === undefined) return undefined
  const valid = ipv4.test(address) || (ipv6.test(address) && URL.canParse(`http://[${address}]`))
  return valid ? address : undefined
}

/** Name of the host that Keyhook runs at. */
export function hostOf(baseUrl: string): string {
  return URL.parse(baseUrl)?.hostname ?? baseUrl
}
