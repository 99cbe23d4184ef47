import type { UserDetail } from '@keyhook/contract/api/user.ts'
import { useRouter } from '@tanstack/react-router'
import { fetchRead } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { directoryActions } from '../directory-api.ts'
import { lifecycleActions } from '../lifecycle-api.ts'
import { pb } from '../path-builder.ts'
import { invalidate } from '../query.ts'
import { toast, toastError } from '../ui/toast.ts'
import { confirmAction } from './confirm.tsx'
import { userGrantsOf } from './user-access.tsx'
import { UserLeaving } from './user-leaving.tsx'

async function readAgain(): Promise<void> {
  await Promise.all(['/users', '/groups', '/grants', '/access-requests', '/offboardings'].map(invalidate))
}

/** Deactivating a user, which begins their offboarding, and activating them again. */
export function useUserActions(user: UserDetail) {
  const router = useRouter()

  async function deactivate() {
    try {
      const grants = (await fetchRead(userGrantsOf(user.id))).value
      const current = grants.data.filter(({ status }) => status !== 'ended')
      confirmAction({
        title: `Deactivate ${user.name}?`,
        body: <UserLeaving user={user} grants={current.length} more={grants.next_cursor !== null} />,
        confirmLabel: 'Deactivate and remove access',
        action: async () => {
          const { id } = await lifecycleActions.userOffboard(user.id)
          await readAgain()
          await router.navigate({ to: pb.offboarding(id) })
          toast(`${user.name} is deactivated, and offboarding has begun.`)
        },
      })
    } catch (error) {
      toastError(sentenceOf(error))
    }
  }

  async function activate() {
    try {
      await directoryActions.userChange(user.id, { status: 'active' })
      await readAgain()
      toast(`${user.name} is active again. Access that was removed has to be requested again.`)
    } catch (error) {
      toastError(sentenceOf(error))
    }
  }

  return { deactivate: () => void deactivate(), activate: () => void activate() }
}
