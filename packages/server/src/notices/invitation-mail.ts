import { sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import type { OnInvited } from '../directory/invitation.ts'
import { enqueueNotices } from './notice-orders.ts'
import { linkPlace } from './notice-secrets.ts'

/** Puts an invitation on its way by mail; false when no mail is set up. The link is stored sealed, as long as it is needed. */
export function mailInvitation({ config, secretBox }: Pick<Context, 'config' | 'secretBox'>): OnInvited {
  return async (tx, now, { user, url, expiresAt }) => {
    if (config.mail === null) return false
    await forgetEarlier(tx, user.id)
    const sealed_url = Buffer.from(secretBox.seal(linkPlace(user.id), Buffer.from(url))).toString('base64')
    const data = { link: '/', sealed_url, when: expiresAt.toISOString() }
    await enqueueNotices(tx, now, [{ kind: 'invitation', to: user.id, data }])
    return true
  }
}

/** A new link replaces those of before. */
async function forgetEarlier(tx: Transaction<Tables>, userId: string): Promise<void> {
  await tx
    .deleteFrom('notice_orders')
    .where('kind', '=', 'invitation')
    .where('principal_id', '=', userId)
    .execute()
  await tx
    .updateTable('notices')
    .set({
      status: 'skipped',
      last_error: 'A newer invitation took its place.',
      next_attempt_at: null,
      data: sql`json_build_object('link', '/')`,
    })
    .where('kind', '=', 'invitation')
    .where('user_id', '=', userId)
    .where('status', 'in', ['waiting', 'failed'])
    .execute()
}
