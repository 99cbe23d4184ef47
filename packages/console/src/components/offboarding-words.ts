/** How far an offboarding is, in words. Pure. */
import type { OffboardingStatus } from '@keyhook/contract/access-words.ts'
import type { OffboardingSummary } from '@keyhook/contract/api/offboarding.ts'
import type { Tone } from '../ui/pill.tsx'

export const offboardingTones: Readonly<Record<OffboardingStatus, Tone>> = {
  running: 'busy',
  done: 'good',
  stopped: 'quiet',
}

/** `3 of 5 removed, 1 being removed, 1 to be removed by hand.` */
export function offboardingWords({ progress }: Pick<OffboardingSummary, 'progress'>): string {
  const { total, ended, removing, by_hand } = progress
  if (total === 0) return 'There was no access to remove.'
  const rest = [
    ...(removing > 0 ? [`${removing} being removed`] : []),
    ...(by_hand > 0 ? [`${by_hand} to be removed by hand`] : []),
  ]
  return `${[`${ended} of ${total} removed`, ...rest].join(', ')}.`
}
