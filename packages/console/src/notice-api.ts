import type { Page } from '@keyhook/contract/api/list.ts'
import type {
  NoticeChannelRead,
  NoticeRead,
  NoticeTemplatePreview,
  NoticeTemplateRead,
} from '@keyhook/contract/api/notice.ts'
import { base, post, read } from './api.ts'
import { patch, remove } from './api-calls.ts'
import type { Search } from './http.ts'

const at = (noun: string, id: string, ...rest: string[]) =>
  ['', noun, ...[id, ...rest].map(encodeURIComponent)].join('/')

export type NoticeTest = { ok: boolean; detail: string }

/** What people and channels are told, for administrators. */
export const noticeApi = {
  noticeList: (search: Search = {}) => read<Page<NoticeRead>>('/notices', search),
  channelList: () => read<Page<NoticeChannelRead>>('/notice-channels', { limit: 200 }),
  channelView: (id: string) => read<NoticeChannelRead>(at('notice-channels', id)),
  templateList: () => read<{ data: NoticeTemplateRead[] }>('/notice-templates'),
  templatePreview: (kind: string) => read<NoticeTemplatePreview>(at('notice-templates', kind, 'preview')),
}

export const noticeActions = {
  sendAgain: (id: string) => post<NoticeRead>(base + at('notices', id, 'send-again'), {}),
  testMail: (to: string) => post<NoticeTest>(`${base}/notices/test-mail`, { to }),

  channelCreate: (channel: object) => post<NoticeChannelRead>(`${base}/notice-channels`, channel),
  channelChange: (id: string, change: object, etag?: string | null) =>
    patch<NoticeChannelRead>(at('notice-channels', id), change, etag),
  channelDelete: (id: string) => remove(at('notice-channels', id)),
  channelTest: (id: string) => post<NoticeTest>(base + at('notice-channels', id, 'test'), {}),

  templateChange: (kind: string, change: { subject?: string | null; intro?: string | null }) =>
    patch<NoticeTemplateRead>(at('notice-templates', kind), change),
}
