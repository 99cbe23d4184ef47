import type {
  AccessRequestCreate,
  AccessRequestRead,
  AccessRequestSummary,
} from '@keyhook/contract/api/access-request.ts'
import type { InboxRead, AccessReviewSummary as ReviewSummary } from '@keyhook/contract/api/access-review.ts'
import type { CatalogueEntry, CatalogueItem } from '@keyhook/contract/api/app.ts'
import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { RequestCheckRead } from '@keyhook/contract/api/request-check.ts'
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import type { Colleague } from '@keyhook/contract/api/user.ts'
import { base, post, read } from './api.ts'
import { call, type Search } from './http.ts'

export type RequestBody = Pick<AccessRequestCreate, 'app_id' | 'permission_ids'> &
  Partial<Omit<AccessRequestCreate, 'app_id' | 'permission_ids'>>
export type CheckBody = Omit<RequestBody, 'app_id'>
export type Approval = { comment?: string; permission_ids?: string[]; access_length_seconds?: number | null }
export type Extension = { access_length_seconds: number | null; business_justification: string }

type CataloguePage = Page<CatalogueItem> & { categories: string[] }

const at = (noun: string, id: string) => `/${noun}/${encodeURIComponent(id)}`

/** What employees and approvers read: the catalogue, requests, tasks, access. */
export const accessApi = {
  catalogueList: (search: Search = {}) => read<CataloguePage>('/catalogue', search),
  catalogueView: (id: string) => read<CatalogueEntry>(at('catalogue', id)),
  /** Colleagues by a part of their name, at least two letters. */
  people: (q: string) => read<Page<Colleague>>('/people', { q, limit: 20 }),
  requestList: (search: Search = {}) => read<Page<AccessRequestSummary>>('/access-requests', search),
  requestView: (id: string) => read<AccessRequestRead>(at('access-requests', id)),
  taskList: (search: Search = {}) => read<Page<TaskRead>>('/tasks', search),
  taskView: (id: string) => read<TaskRead>(at('tasks', id)),
  grantList: (search: Search = {}) => read<Page<GrantRead>>('/grants', search),
  inbox: () => read<InboxRead>('/inbox'),
  myReviews: () => read<Page<ReviewSummary>>('/access-reviews', { assigned: 'me', status: 'open' }),
}

const to = (noun: string, id: string, move: string) => `${base}${at(noun, id)}/${move}`

/** What employees and approvers do. */
export const accessActions = {
  requestCreate: (request: RequestBody) => post<AccessRequestRead>(`${base}/access-requests`, request),
  /** What the intake fields look like with these answers, and what is wrong with them. Nothing is asked for yet. */
  requestCheck: (appId: string, draft: CheckBody, signal?: AbortSignal) =>
    post<RequestCheckRead>(to('catalogue', appId, 'check'), draft, signal),
  /** The request once it rests, or as it is after so many seconds. */
  requestWait: async (id: string, seconds: number, signal?: AbortSignal) =>
    (await call<AccessRequestRead>(base + at('access-requests', id), { wait: seconds, signal })).body,
  requestApprove: (id: string, approval: Approval) =>
    post<AccessRequestRead>(to('access-requests', id, 'approve'), approval),
  requestDeny: (id: string, reason: string) =>
    post<AccessRequestRead>(to('access-requests', id, 'deny'), { reason }),
  requestCancel: (id: string) => post<AccessRequestRead>(to('access-requests', id, 'cancel'), {}),

  taskComplete: (id: string, outcome: 'done' | 'not_done', comment: string | null) =>
    post<TaskRead>(to('tasks', id, 'complete'), { outcome, comment }),
  taskSendAgain: (id: string) => post<TaskRead>(to('tasks', id, 'send-again'), {}),

  grantRevoke: (id: string, reason: string) => post<GrantRead>(to('grants', id, 'revoke'), { reason }),
  grantExtend: (id: string, extension: Extension) =>
    post<AccessRequestRead>(to('grants', id, 'extend'), extension),
}
