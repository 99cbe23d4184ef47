/** A notice channel as the form holds it, and the body that the API takes. Pure. */
import type { NoticeChannelChange, NoticeChannelRead } from '@keyhook/contract/api/notice.ts'
import type { ChatKind, TeamNoticeKind } from '@keyhook/contract/notice-words.ts'

export type ChannelValues = {
  name: string
  kind: ChatKind
  /** Never comes back from the server: empty keeps what is stored. */
  url: string
  about: 'all' | 'some'
  app_ids: string[]
  told: 'all' | 'some'
  kinds: TeamNoticeKind[]
  enabled: boolean
}

export const channelFields = ['name', 'kind', 'url', 'app_ids', 'kinds', 'enabled']

export function channelValuesOf(channel: NoticeChannelRead | null): ChannelValues {
  return {
    name: channel?.name ?? '',
    kind: channel?.kind ?? 'slack',
    url: '',
    about: channel?.app_ids ? 'some' : 'all',
    app_ids: channel?.app_ids ?? [],
    told: channel?.kinds ? 'some' : 'all',
    kinds: channel?.kinds ?? [],
    enabled: channel?.enabled ?? true,
  }
}

/** The body of a creation and the merge patch of an edit; an empty URL of a saved channel stays with the server. */
export function channelMembers(values: ChannelValues, isNew: boolean): NoticeChannelChange {
  return {
    name: values.name,
    kind: values.kind,
    ...(values.url.trim() === '' && !isNew ? {} : { url: values.url.trim() }),
    app_ids: values.about === 'some' ? values.app_ids : null,
    kinds: values.told === 'some' ? values.kinds : null,
    enabled: values.enabled,
  }
}

/** To the API an empty list tells of nothing at all, which a switched off channel says more plainly. */
export function channelProblems({ about, app_ids, told, kinds }: ChannelValues): Record<string, string> {
  return {
    ...(about === 'some' && app_ids.length === 0
      ? { app_ids: 'Choose at least one app, or “Every app”.' }
      : {}),
    ...(told === 'some' && kinds.length === 0 ? { kinds: 'Choose at least one, or “Everything”.' } : {}),
  }
}
