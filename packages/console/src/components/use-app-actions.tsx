import type { AppRead } from '@keyhook/contract/api/app.ts'
import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import { fetchRead, read } from '../api.ts'
import { sentenceOf } from '../api-error.ts'
import { appActions } from '../app-api.ts'
import { invalidate } from '../query.ts'
import { toast, toastError } from '../ui/toast.ts'
import { confirmAction } from './confirm.tsx'

const most = 200

/** How much access to an app people have now, in words. */
async function grantsOf(appId: string): Promise<string> {
  const search = { app_id: appId, status: 'active', limit: most }
  const { data, next_cursor } = (await fetchRead(read<Page<GrantRead>>('/grants', search))).value
  if (data.length === 0) return 'Nobody has access to it now.'
  const people = new Set(data.map(({ user }) => user.id)).size
  const grants = next_cursor
    ? `More than ${most} grants`
    : data.length === 1
      ? '1 grant'
      : `${data.length} grants`
  const whose = next_cursor ? '' : people === 1 ? ' of 1 person' : ` of ${people} people`
  return `${grants}${whose} stay${data.length === 1 ? 's' : ''} until ${data.length === 1 ? 'it ends or is' : 'they end or are'} revoked.`
}

/** What can be done to an app from its page. */
export function useAppActions({ id, name }: AppRead) {
  async function archive() {
    try {
      const stays = await grantsOf(id)
      confirmAction({
        title: `Archive ${name}?`,
        body: `It leaves the catalogue, and nobody can request it any more. ${stays} Requests that wait for it are cancelled. This cannot be undone.`,
        confirmLabel: 'Archive app',
        action: async () => {
          await appActions.appArchive(id)
          await invalidate('/apps')
          toast(`${name} is archived.`)
        },
      })
    } catch (error) {
      toastError(sentenceOf(error))
    }
  }

  return { archive: () => void archive() }
}
