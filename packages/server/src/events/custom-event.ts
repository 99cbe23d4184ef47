/** Events that a company's own systems append. Pure. */
import { type EventCreate, largestEventBytes } from '@keyhook/contract/api/event.ts'
import type { MemberError } from '../lib/problem-error.ts'

/** An event cannot have happened later than now; clocks may differ by so much. */
const clockSkewMs = 5 * 60_000

/** What is wrong with an event beyond its schema; `at` is the JSON pointer of the event. */
export function customEventErrors(event: EventCreate, at: string, now: number): MemberError[] {
  const errors: MemberError[] = []
  if (event.event_began_at !== undefined && Date.parse(event.event_began_at) > now + clockSkewMs)
    errors.push({
      pointer: `${at}/event_began_at`,
      detail: 'It is in the future. Give the time at which it happened, in UTC.',
    })
  const unwritable = unwritableIn(event, at)
  if (unwritable) errors.push(unwritable)
  const bytes = Buffer.byteLength(JSON.stringify(event))
  if (bytes > largestEventBytes)
    errors.push({
      pointer: at,
      detail: `The event has ${bytes.toLocaleString('en')} bytes of JSON; at most ${largestEventBytes.toLocaleString('en')} are kept.`,
    })
  return errors
}

/** The first member that has no canonical form (RFC 8785), and so no hash: a number out of range, half a character in a name. */
function unwritableIn(event: EventCreate, at: string): MemberError | null {
  const waiting: [value: unknown, pointer: string][] = [[JSON.parse(JSON.stringify(event)), at]]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, pointer] = next
    if (typeof value === 'number' && !Number.isFinite(value))
      return { pointer, detail: 'This number is too large to be kept; send it as a string.' }
    if (typeof value !== 'object' || value === null) continue
    for (const [name, member] of Object.entries(value)) {
      if (!name.isWellFormed())
        return { pointer, detail: 'The name of a member holds half of a character (a lone surrogate).' }
      waiting.push([member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`])
    }
  }
  return null
}

/** `CUSTOM_VPN_LOGIN` reads "Vpn login". */
export function labelOfCustomType(type: string): string {
  const words = type
    .replace(/^CUSTOM_/, '')
    .replaceAll('_', ' ')
    .trim()
    .toLowerCase()
  return words === '' ? type : words.charAt(0).toUpperCase() + words.slice(1)
}
