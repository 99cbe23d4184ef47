/** How a person wants to be told, as the form holds it. Pure. */
import type { NoticePreferencesChange, NoticePreferencesRead } from '@keyhook/contract/api/notice.ts'
import type { ChatKind, NoticeChoice, NoticeGroup } from '@keyhook/contract/notice-words.ts'
import { noticeGroups } from '@keyhook/contract/notice-words.ts'

export type PreferenceValues = {
  choices: Record<NoticeGroup, NoticeChoice>
  /** `kept`: the server holds the address and never shows it; `new`: one is being entered. */
  chat: 'none' | 'kept' | 'new'
  chat_kind: ChatKind
  chat_url: string
}

export function preferenceValuesOf(saved: NoticePreferencesRead): PreferenceValues {
  const choices = noticeGroups.map((group) => [group, saved[group]])
  return {
    choices: Object.fromEntries(choices) as PreferenceValues['choices'],
    chat: saved.chat ? 'kept' : 'none',
    chat_kind: saved.chat?.kind ?? 'slack',
    chat_url: '',
  }
}

/** Without a word about the chat, the server keeps the address that it has. */
export function preferenceChangeOf({
  choices,
  chat,
  chat_kind,
  chat_url,
}: PreferenceValues): NoticePreferencesChange {
  if (chat === 'kept') return { ...choices }
  return { ...choices, chat: chat === 'none' ? null : { kind: chat_kind, url: chat_url.trim() } }
}

/** Something is to go to a chat that is not there. */
export function lacksChat({ choices, chat }: PreferenceValues): boolean {
  return chat === 'none' && Object.values(choices).includes('chat')
}
