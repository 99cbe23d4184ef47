import { offboardingStatusLabels } from '@keyhook/contract/access-words.ts'
import type { OffboardingSummary } from '@keyhook/contract/api/offboarding.ts'
import { lifecycleApi } from '../lifecycle-api.ts'
import { pb } from '../path-builder.ts'
import { useSideRead } from '../query.ts'
import { ButtonLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'

/** How far an offboarding is, in a sentence. */
export function offboardingWords({ progress }: Pick<OffboardingSummary, 'progress'>): string {
  const { total, ended, removing, by_hand } = progress
  if (total === 0) return 'There was no access to remove.'
  const rest = [
    ...(removing > 0 ? [`${removing} being removed`] : []),
    ...(by_hand > 0 ? [`${by_hand} to be removed by hand`] : []),
  ]
  return `${ended} of ${total} removed${rest.length > 0 ? `, ${rest.join(', ')}` : ''}.`
}

/** The last offboarding of a user who is deactivated. */
export function UserOffboarding({ userId }: { userId: string }) {
  const page = useSideRead(lifecycleApi.offboardingList({ user_id: userId, limit: 1 }), { refreshMs: 5_000 })
  const [offboarding] = page?.data ?? []
  if (!offboarding) return null
  const { id, status, progress } = offboarding
  return (
    <Notice
      tone={status === 'done' ? 'good' : progress.by_hand > 0 ? 'warn' : 'info'}
      title={`Offboarding: ${offboardingStatusLabels[status].toLowerCase()}.`}
      action={
        <ButtonLink size="xs" variant="default" to={pb.offboarding(id)}>
          See how far it is
        </ButtonLink>
      }
    >
      {offboardingWords(offboarding)}
    </Notice>
  )
}
