/** How notices can reach people and teams at the moment. */
import {
  type NoticeChoice,
  type NoticeKind,
  noticeKindTable,
  teamNoticeKinds,
} from '@keyhook/contract/notice-words.ts'
import type { Kysely, Selectable } from 'kysely'
import type { NoticeChannelTable, NoticeOrderTable, NoticePreferenceTable } from '../db/notice-schema.ts'
import type { Tables } from '../db/schema.ts'
import { administrators, appAdminsOf } from './notice-people.ts'

export type Channel = Pick<Selectable<NoticeChannelTable>, 'id' | 'app_ids' | 'kinds'>
type Preference = Pick<Selectable<NoticePreferenceTable>, 'user_id' | 'choices'> & { has_chat: boolean }

export function enabledChannels(db: Kysely<Tables>): Promise<Channel[]> {
  return db
    .selectFrom('notice_channels')
    .select(['id', 'app_ids', 'kinds'])
    .where('enabled', '=', true)
    .execute()
}

/** Whether anybody at all has set up a chat of their own. */
export async function anyOwnChat(db: Kysely<Tables>): Promise<boolean> {
  const row = await db
    .selectFrom('notice_preferences')
    .select('user_id')
    .where('sealed_chat_url', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function preferencesOf(
  db: Kysely<Tables>,
  userIds: readonly string[],
): Promise<Map<string, Preference>> {
  if (userIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('notice_preferences')
    .select(['user_id', 'choices', (is) => is('sealed_chat_url', 'is not', null).as('has_chat')])
    .where('user_id', 'in', [...userIds])
    .execute()
  return new Map(rows.map((row) => [row.user_id, { ...row, has_chat: row.has_chat === true }]))
}

/** How a person wants this kind, of the ways that there are. */
export function wayTo(preference: Preference | undefined, kind: NoticeKind, mail: boolean): NoticeChoice {
  const { group } = noticeKindTable[kind]
  const otherwise = mail ? 'mail' : 'none'
  if (group === null) return otherwise
  const choice = preference?.choices[group] ?? 'mail'
  if (choice === 'chat' && preference?.has_chat) return 'chat'
  return choice === 'none' ? 'none' : otherwise
}

type Work = Pick<NoticeOrderTable, 'kind' | 'principal_id' | 'app_id'>

/** Teams hear of work of the administrators and the app admins, not of what is for one person. */
export async function channelsFor(
  db: Kysely<Tables>,
  channels: readonly Channel[],
  { kind, principal_id, app_id }: Work,
): Promise<string[]> {
  const wanted = channels.filter(
    ({ app_ids, kinds }) =>
      (app_ids === null || (app_id !== null && app_ids.includes(app_id))) &&
      (kinds === null || (kinds as readonly NoticeKind[]).includes(kind)),
  )
  if (wanted.length === 0 || !(teamNoticeKinds as readonly NoticeKind[]).includes(kind)) return []
  const isTeamWork =
    principal_id === administrators ||
    principal_id.startsWith('app_') ||
    // About no app: it was begun by an administrator.
    app_id === null ||
    (await appAdminsOf(db, app_id)).includes(principal_id)
  return isTeamWork ? wanted.map(({ id }) => id) : []
}
