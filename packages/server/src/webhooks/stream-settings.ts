import type { StreamChange, StreamSettings } from '@keyhook/contract/api/stream.ts'
import { streamDefaults } from '@keyhook/contract/setting-limits.ts'
import type { SiemEntry } from '@keyhook/contract/siem/entry.ts'
import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import type { MemberError } from '../lib/problem-error.ts'

type StreamContext = {
  readonly type: WebhookType
  /** Of the saved webhook; null for a new one. */
  readonly stored: StreamSettings | null
  /** Pointer of the webhook in the request. */
  readonly at: string
  readonly now: number
}

/** What is wrong with a point of the log, given as `now`, `beginning` or a time; null: nothing. */
export function futureStart(at: string, now: number): string | null {
  if (at === 'now' || at === 'beginning' || Date.parse(at) <= now) return null
  return 'This time is in the future: use now, or a time in the past.'
}

/** The stream after a request: absent keeps, null goes back to the defaults. Where it began stays. */
export function mergeStream(
  wanted: StreamChange | null | undefined,
  { type, stored, at, now }: StreamContext,
  errors: MemberError[],
): StreamSettings | null {
  if (type !== 'siem') {
    if (wanted)
      errors.push({
        pointer: `${at}/stream`,
        detail: 'Only a SIEM webhook is sent the activity log: leave this null.',
      })
    return null
  }
  const start = stored?.start ?? wanted?.start ?? streamDefaults.start
  const problem = stored === null ? futureStart(start, now) : null
  if (problem !== null) errors.push({ pointer: `${at}/stream/start`, detail: problem })
  const base = wanted === null ? null : stored
  // JSON has no undefined: a member that is there has a value.
  return { ...streamDefaults, ...base, ...(wanted as Partial<StreamSettings> | null | undefined), start }
}

/** The settings of a SIEM webhook; those of before streams were had say nothing of it. */
export function streamOf({ stream }: { readonly stream: StreamSettings | null }): StreamSettings {
  return stream ?? streamDefaults
}

/**
 * The payload that the condition of a stream is asked about: one entry. null for those that are sent whatever it says: what
 * was sent can be verified only with the checkpoints, and a heartbeat has a setting of its own.
 */
export function askedOf(entry: SiemEntry): Record<string, unknown> | null {
  const type = entry.event.event_type
  return type === 'KEYHOOK_HEARTBEAT' || type === 'KEYHOOK_LOG_CHECKPOINT' ? null : { ...entry }
}
