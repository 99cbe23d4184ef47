/**
 * The chain of the activity log: each entry's `event_hash` is an HMAC-SHA-512 over the canonical bytes (RFC 8785) of
 * everything that the entry attests, the hash of the entry before among it. Without the key nobody can make a hash that
 * fits; with it everybody can check all of them. Pure.
 */
import { createHmac, createSecretKey } from 'node:crypto'
import { preparing } from '@keyhook/contract/prepared-key.ts'
import canonicalize from 'canonicalize'

/** What an entry attests. */
export type Attested = {
  /** Counts from 1, without gaps. */
  readonly position: number
  readonly id: string
  /** When the entry got its place, RFC 3339; never before that of the entry before. */
  readonly logged_at: string
  readonly access_request_id: string | null
  readonly app_id: string | null
  readonly event: {
    readonly actor: unknown
    readonly event_type: string
    /** Of events that others append; null for those of the catalogue, whose words may be improved one day. */
    readonly label: string | null
    readonly event_began_at: string
    readonly event_metadata: unknown
    readonly outcome: string
    readonly targets: unknown
  }
}

/** Where a chain stands: how many entries there are, and the hash of the last one. */
export type ChainHead = { readonly position: number; readonly hash: string }

/** Before the first entry. */
export const genesis: ChainHead = { position: 0, hash: '0'.repeat(128) }

const hmacKey = preparing(createSecretKey)

/** The `event_hash` of an entry behind `previous`: 128 hexadecimal digits. */
export function hashEntry(key: Uint8Array, previous: string, entry: Attested): string {
  const { position, id, logged_at, access_request_id, app_id, event } = entry
  const { actor, event_type, label, event_began_at, event_metadata, outcome, targets } = event
  const attested = {
    version: 1,
    previous,
    position,
    id,
    logged_at,
    access_request_id,
    app_id,
    event: { actor, event_type, label, event_began_at, event_metadata, outcome, targets },
  }
  return createHmac('sha512', hmacKey(key)).update(canonicalBytes(attested)).digest('hex')
}

/** A value that has a canonical form, as near to the given one as can be: numbers out of range become their names. */
export function writable(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(writable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), writable(member)]),
  )
}

/** JSON as RFC 8785 writes it, in UTF-8. Throws for what has no such form: lone surrogates, numbers that are none. */
export function canonicalBytes(value: unknown): Buffer {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('there is no JSON for this value')
  return Buffer.from(text)
}
