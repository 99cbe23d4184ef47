/** Where an access review stands, in words. Pure. */
import type { ReviewItemStatus, ReviewStatus } from '@keyhook/contract/access-words.ts'
import type { ReviewItemRead } from '@keyhook/contract/api/access-review.ts'
import type { Tone } from '../ui/pill.tsx'

export const reviewTones: Readonly<Record<ReviewStatus, Tone>> = {
  preparing: 'busy',
  open: 'good',
  ended: 'warn',
  signed_off: 'quiet',
  cancelled: 'quiet',
}

export const itemTones: Readonly<Record<ReviewItemStatus, Tone>> = {
  undecided: 'warn',
  keep: 'good',
  remove: 'bad',
  removing: 'busy',
  removed: 'quiet',
  ended_before: 'quiet',
}

/** Whole percent, rounded down so that 100 means all. */
export function percentOf(part: number, total: number): number {
  return total === 0 ? 100 : Math.floor((part / total) * 100)
}

/** Who decided about access: `by Grace Hopper`; empty when nobody did. */
export function deciderWords(item: Pick<ReviewItemRead, 'by_default' | 'decided_by' | 'decision'>): string {
  if (item.by_default) return 'by the deadline'
  return item.decision !== null && item.decided_by ? `by ${item.decided_by}` : ''
}

/** How much would be reviewed, in a sentence. */
export function amountWords(counts: { grants: number; users: number; apps: number }): string {
  const of = (count: number, one: string, many: string) =>
    `${count.toLocaleString('en')} ${count === 1 ? one : many}`
  if (counts.grants === 0) return 'Nobody has such access now, so that there is nothing to review.'
  return `${of(counts.grants, 'grant', 'grants')} of ${of(counts.users, 'person', 'people')} in ${of(counts.apps, 'app', 'apps')}.`
}
