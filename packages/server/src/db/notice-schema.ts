/** Row types of notices. Times are `Date`, bytes are `Uint8Array`. */
import type {
  ChatKind,
  NoticeChoice,
  NoticeGroup,
  NoticeKind,
  NoticeStatus,
  TeamNoticeKind,
} from '@keyhook/contract/notice-words.ts'
import type { GeneratedAlways } from 'kysely'
import type { Json } from './json-column.ts'

export type NoticeTables = {
  notice_orders: NoticeOrderTable
  notices: NoticeTable
  notice_channels: NoticeChannelTable
  notice_preferences: NoticePreferenceTable
  notice_templates: { kind: NoticeKind; subject: string | null; intro: string | null }
}

/** What a notice tells, as plain text; `link` is a path of the console. */
export type NoticeData = {
  app?: string | null
  who?: string | null
  what?: string | null
  /** RFC 3339. */
  when?: string | null
  reason?: string | null
  link: string
  /** A whole address in the place of `link`, sealed and in base64; it is forgotten once the notice was sent. */
  sealed_url?: string
}

/** Somebody is to be told: written with the change, turned into notices for persons and channels a moment later. */
export type NoticeOrderTable = {
  seq: GeneratedAlways<string>
  kind: NoticeKind
  /** A user, a group, an app (its app admins) or `administrators`. */
  principal_id: string
  app_id: string | null
  request_id: string | null
  data: Json<NoticeData>
  created_at: Date
}

export type NoticeTable = {
  id: string
  kind: NoticeKind
  channel: 'mail' | 'chat' | 'channel'
  status: NoticeStatus
  user_id: string | null
  channel_id: string | null
  request_id: string | null
  data: Json<NoticeData>
  attempts: number
  last_error: string | null
  /** While it is being sent: when another process may try. null: it waits for nothing. */
  next_attempt_at: Date | null
  created_at: Date
  sent_at: Date | null
}

export type NoticeChannelTable = {
  id: string
  name: string
  kind: ChatKind
  sealed_url: Uint8Array
  host: string
  app_ids: Json<string[] | null>
  kinds: Json<TeamNoticeKind[] | null>
  enabled: boolean
  version: number
  created_at: Date
  updated_at: Date
}

export type NoticePreferenceTable = {
  user_id: string
  choices: Json<Partial<Record<NoticeGroup, NoticeChoice>>>
  chat_kind: ChatKind | null
  sealed_chat_url: Uint8Array | null
  chat_host: string | null
}
