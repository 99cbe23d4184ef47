import { noticeKinds, noticeStatuses } from '@keyhook/contract/notice-words.ts'
import { oneOf, text } from '../components/search-params.ts'
import { noticeApi } from '../notice-api.ts'

export const noticeTabs = ['sent', 'channels', 'templates', 'mail'] as const
export type NoticeTab = (typeof noticeTabs)[number]

/** What the address of the Notices page may say. */
export function noticesSearch(raw: Record<string, unknown>) {
  return {
    tab: oneOf(raw, 'tab', noticeTabs),
    status: oneOf(raw, 'status', noticeStatuses),
    kind: oneOf(raw, 'kind', noticeKinds),
    user_id: text(raw, 'user_id'),
    cursor: text(raw, 'cursor'),
  }
}

export type NoticesSearch = ReturnType<typeof noticesSearch>

export function noticeListOf({ tab: _tab, ...search }: NoticesSearch) {
  return noticeApi.noticeList({ ...search, limit: 50 })
}
