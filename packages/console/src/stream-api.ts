import type { ReplayResult, StreamRead } from '@keyhook/contract/api/stream.ts'
import { base, post, read } from './api.ts'
import { remove } from './api-calls.ts'

const pathOf = (webhookId: string) => `/webhooks/${encodeURIComponent(webhookId)}/stream`

/** A part of the log by the times at which its events were logged. */
export type ReplaySpan = { from?: string; to?: string }

/** The stream of the activity log to a SIEM webhook. */
export const streamApi = {
  streamView: (webhookId: string) => read<StreamRead>(pathOf(webhookId)),
}

export const streamActions = {
  pause: (webhookId: string) => post<StreamRead>(`${base}${pathOf(webhookId)}/pause`, {}),
  /** Also ends the pause after failures. */
  resume: (webhookId: string) => post<StreamRead>(`${base}${pathOf(webhookId)}/resume`, {}),
  /** `now`, `beginning` or a time. */
  move: (webhookId: string, to: string) => post<StreamRead>(`${base}${pathOf(webhookId)}/move`, { to }),
  replay: (webhookId: string, span: ReplaySpan, preview: boolean) =>
    post<ReplayResult>(`${base}${pathOf(webhookId)}/replays`, { ...span, preview }),
  replayCancel: (webhookId: string, id: string) =>
    remove(`${pathOf(webhookId)}/replays/${encodeURIComponent(id)}`),
}
