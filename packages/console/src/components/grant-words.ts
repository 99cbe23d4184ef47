/** How long access lasts, in words. Pure. */

import { endReasonLabels, grantStatusLabels } from '@keyhook/contract/access-words.ts'
import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import type { Tone } from '../ui/pill.tsx'
import { dateWords, relativeWords } from '../ui/time-words.ts'

const day = 86_400_000
/** From here on it is worth asking for longer. */
const soonMs = 7 * day

type Ends = Pick<GrantRead, 'status' | 'expires_at' | 'ended_at' | 'end_reason'>

export function grantTone({ status }: Pick<GrantRead, 'status'>): Tone {
  if (status === 'active') return 'good'
  return status === 'ended' ? 'quiet' : 'busy'
}

export function isEndingSoon({ status, expires_at }: Ends, now: number): boolean {
  return status === 'active' && expires_at !== null && new Date(expires_at).getTime() - now < soonMs
}

/** `Ends in 3 days, on 3 Aug 2026`, `Without an end`, `Ended yesterday: revoked`. */
export function endWords({ status, expires_at, ended_at, end_reason }: Ends, now: number): string {
  if (status === 'ended') {
    const why = end_reason ? `: ${endReasonLabels[end_reason].toLowerCase()}` : ''
    return ended_at ? `Ended ${relativeWords(ended_at, now)}${why}` : `Ended${why}`
  }
  if (status !== 'active') {
    const why = end_reason ? `: ${endReasonLabels[end_reason].toLowerCase()}` : ''
    return `${grantStatusLabels[status]}${why}`
  }
  if (expires_at === null) return 'Without an end'
  if (new Date(expires_at).getTime() <= now) return 'Ends now'
  return `Ends ${relativeWords(expires_at, now)}, on ${dateWords(expires_at)}`
}
