import { offboardingStatusLabels } from '@keyhook/contract/access-words.ts'
import { lifecycleApi } from '../lifecycle-api.ts'
import { pb } from '../path-builder.ts'
import { useSideRead } from '../query.ts'
import { ButtonLink } from '../ui/links.tsx'
import { Notice } from '../ui/notice.tsx'
import { offboardingWords } from './offboarding-words.ts'

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
