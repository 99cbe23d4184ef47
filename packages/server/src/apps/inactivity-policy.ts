import type { InactivityPolicy } from '@keyhook/contract/api/last-used.ts'
import type { Transaction } from 'kysely'
import type { AppSettings } from '../db/access-schema.ts'
import type { Tables } from '../db/schema.ts'

/** Notices that another policy gave are void: whom the new one is about is told anew. */
export async function cancelNotices(
  tx: Transaction<Tables>,
  before: { id: string; settings: AppSettings },
  policy: InactivityPolicy,
): Promise<void> {
  const known = before.settings.inactivity ?? null
  if (known?.after_days === policy?.after_days && known?.notice_days === policy?.notice_days) return
  await tx
    .updateTable('grants')
    .set({ inactivity_notice_at: null, inactivity_removal_at: null })
    .where('app_id', '=', before.id)
    .where('status', '=', 'active')
    .where('inactivity_notice_at', 'is not', null)
    .execute()
}
