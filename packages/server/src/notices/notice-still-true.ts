/** What a notice says may be over before it could be sent, above all after a mail server was down. */
import type { TaskKind } from '@keyhook/contract/access-words.ts'
import type { NoticeKind } from '@keyhook/contract/notice-words.ts'
import type { Context } from '../context.ts'
import type { NoticeRow } from './notice-claims.ts'

/** What these ask for is over when the task is. */
const taskOf: Partial<Record<NoticeKind, TaskKind>> = {
  approval_asked: 'approval',
  approval_reminder: 'approval',
  approval_escalated: 'approval',
  task_confirm_provisioning: 'confirm_provisioning',
  task_confirm_deprovisioning: 'confirm_deprovisioning',
}

/** Why it need not be sent any more; null: it is as it says. */
export async function whyOver(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  notice: NoticeRow,
): Promise<string | null> {
  const { kind, request_id, data } = notice
  const task = taskOf[kind]
  if (task !== undefined && request_id !== null) {
    const open = await db
      .selectFrom('tasks')
      .select('id')
      .where('request_id', '=', request_id)
      .where('kind', '=', task)
      .where('status', '=', 'open')
      .where('created_at', '<=', notice.created_at)
      .limit(1)
      .executeTakeFirst()
    return open ? null : 'It was done before this could be sent.'
  }
  const ends = kind === 'access_expires_soon' || kind === 'invitation'
  if (ends && data.when && Date.parse(data.when) <= clock()) return 'The time it speaks of was over.'
  return null
}
