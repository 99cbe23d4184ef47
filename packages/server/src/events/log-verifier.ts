/** Checks entries of the log one after the other, wherever they come from: a server, a database or a file. Pure. */

import type { EventRead, LogCheckpoint } from '@keyhook/contract/api/event.ts'
import { isSignedBy } from './checkpoint.ts'
import { type Attested, type ChainHead, genesis, hashEntry } from './event-chain.ts'

export type VerifiedEntry = Attested & { readonly event: { readonly event_hash: string } }

/** An entry as the API and exports tell it. */
export function entryOf({ event, ...entry }: EventRead): VerifiedEntry {
  const { event_type_user_friendly, ...attested } = event
  // Only types that others append have words of their own; those of the catalogue are not attested.
  const label = event.event_type.startsWith('CUSTOM_') ? event_type_user_friendly : null
  return { ...entry, event: { ...attested, label } }
}

/** What is wrong, and at which entry. */
export type LogProblem = { readonly position: number; readonly id: string | null; readonly text: string }

export type LogReport = {
  readonly checked: number
  readonly first: number | null
  readonly last: number | null
  readonly head: string | null
  readonly checkpoints: number
  /** Entries before this one left the log, as a signed checkpoint says; null: nothing left it, or it was not asked. */
  readonly begins: { readonly position: number; readonly since: string } | null
  /** The first thing that is wrong; null when all holds. */
  readonly problem: LogProblem | null
}

export type LogVerifier = {
  /** The next entry, in the order of positions; false once something was wrong. */
  add(entry: VerifiedEntry): boolean
  end(): LogReport
}

export type VerifyOptions = {
  readonly key: Uint8Array
  /** `whpk_…`: who may have signed checkpoints. */
  readonly publicKey: string
  /** Checkpoints from outside; those beyond the last entry show that the tail is missing. */
  readonly checkpoints?: readonly LogCheckpoint[]
  /** What the first entry follows; null: the first entry is taken as it is, and checked from the second on. */
  readonly after?: ChainHead | null
  /** Says that the log begins behind `after`; null: nothing says so, which is wrong unless it is the beginning. Left out: not asked. */
  readonly cut?: LogCheckpoint | null
  /** The last position that was asked for; null: to the end of the log. */
  readonly to?: number | null
}

export function createLogVerifier(options: VerifyOptions): LogVerifier {
  const { key, publicKey, checkpoints = [], after = genesis, cut, to = null } = options
  const promised = new Map<number, LogCheckpoint>()
  let head = after
  let first: number | null = null
  let last: VerifiedEntry | null = null
  let checked = 0
  let met = 0
  let problem: LogProblem | null = null

  const wrong = (position: number, id: string | null, text: string) => {
    problem ??= { position, id, text }
    return false
  }

  for (const checkpoint of checkpoints) {
    if (!isSignedBy(publicKey, checkpoint))
      wrong(checkpoint.count, null, 'A checkpoint is not signed by this installation, or was changed.')
    const other = promised.get(checkpoint.count)
    if (other && other.head !== checkpoint.head)
      wrong(
        checkpoint.count,
        null,
        'Two checkpoints say different things about this entry: the log was forked.',
      )
    promised.set(checkpoint.count, checkpoint)
  }

  const begins =
    cut !== undefined && after !== null && after.position > 0 ? beginning(after, cut, publicKey) : null
  if (begins === 'unsaid')
    wrong(
      (after?.position ?? 0) + 1,
      null,
      'The log begins here, and no signed checkpoint says that what stood before it has left it: more was cut than said.',
    )

  return {
    add(entry) {
      if (problem !== null) return false
      const { position, id, event } = entry
      // The beginning of the log is known wherever it comes from.
      if (head === null && position === 1) head = genesis
      // So is what a signed checkpoint says about the entry before.
      const signed = head === null ? promised.get(position - 1) : undefined
      if (signed !== undefined) head = { position: signed.count, hash: signed.head }
      if (head !== null && position <= head.position)
        return wrong(
          position,
          id,
          `It stands behind number ${head.position}: entries were reordered, or it is there twice.`,
        )
      if (head !== null && position > head.position + 1)
        return wrong(
          head.position + 1,
          null,
          `It is missing: number ${position} follows number ${head.position}.`,
        )
      if (last !== null && Date.parse(entry.logged_at) < Date.parse(last.logged_at))
        return wrong(position, id, 'It got its place before the entry that it follows.')
      if (head !== null && hashEntry(key, head.hash, entry) !== event.event_hash)
        return wrong(
          position,
          id,
          'Its hash does not fit: it was changed, put in, or what stood before it is another.',
        )
      const checkpoint = promised.get(position)
      if (checkpoint !== undefined) {
        if (checkpoint.head !== event.event_hash)
          return wrong(position, id, `Its hash is another than the checkpoint of ${checkpoint.time} says.`)
        met += 1
      }
      head = { position, hash: event.event_hash }
      first ??= position
      last = entry
      checked += 1
      return true
    },
    end() {
      const lastPosition = last?.position ?? after?.position ?? 0
      const beyond = [...promised.values()]
        .filter(({ count }) => count > lastPosition && (to === null || count <= to))
        .sort((left, right) => left.count - right.count)[0]
      if (beyond)
        wrong(
          lastPosition + 1,
          null,
          `It is missing: the checkpoint of ${beyond.time} says that there were ${beyond.count} entries.`,
        )
      if (to !== null && lastPosition < to)
        wrong(lastPosition + 1, null, `It is missing: the entries were to reach to number ${to}.`)
      return {
        checked,
        first,
        last: last?.position ?? null,
        head: last?.event.event_hash ?? null,
        checkpoints: met,
        begins: begins === 'unsaid' ? null : begins,
        problem,
      }
    },
  }
}

/** Where the log begins when months have left it. */
function beginning(
  { position, hash }: ChainHead,
  cut: LogCheckpoint | null,
  publicKey: string,
): LogReport['begins'] | 'unsaid' {
  const said =
    cut !== null && cut.count === position && cut.head === hash && cut.first_position === position + 1
  return said && isSignedBy(publicKey, cut) ? { position: position + 1, since: cut.time } : 'unsaid'
}
