import type { ReviewDecision } from '@keyhook/contract/access-words.ts'
import type {
  AccessReviewPreview,
  AccessReviewRead,
  AccessReviewSummary,
  ReviewItemRead,
} from '@keyhook/contract/api/access-review.ts'
import type { LastUsedImportResult } from '@keyhook/contract/api/last-used.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { OffboardingRead, OffboardingSummary } from '@keyhook/contract/api/offboarding.ts'
import { base, post, read } from './api.ts'
import { patch, postCsv } from './api-calls.ts'
import type { Search } from './http.ts'

const at = (noun: string, id: string, ...rest: string[]) =>
  ['', noun, ...[id, ...rest].map(encodeURIComponent)].join('/')

/** What ends access: reviews, offboarding, inactivity. */
export const lifecycleApi = {
  reviewList: (search: Search = {}) => read<Page<AccessReviewSummary>>('/access-reviews', search),
  reviewView: (id: string) => read<AccessReviewRead>(at('access-reviews', id)),
  reviewItems: (id: string, search: Search = {}) =>
    read<Page<ReviewItemRead>>(at('access-reviews', id, 'items'), search),
  offboardingList: (search: Search = {}) => read<Page<OffboardingSummary>>('/offboardings', search),
  offboardingView: (id: string) => read<OffboardingRead>(at('offboardings', id)),
}

/** Addresses of files that the browser downloads by itself. */
export const reviewReportFile = (id: string) => `${base}${at('access-reviews', id, 'report.csv')}`

export type Decision = { decision: ReviewDecision; reason: string | null }

export const lifecycleActions = {
  reviewPreview: (review: object) =>
    post<AccessReviewPreview>(`${base}/access-reviews`, { ...review, dry_run: true }),
  reviewCreate: (review: object) => post<AccessReviewRead>(`${base}/access-reviews`, review),
  reviewChange: (id: string, change: object, etag?: string | null) =>
    patch<AccessReviewRead>(at('access-reviews', id), change, etag),
  reviewDecide: (id: string, decisions: readonly (Decision & { item_id: string })[]) =>
    post<{ data: ReviewItemRead[] }>(`${base}${at('access-reviews', id, 'items', 'decide')}`, { decisions }),
  reviewClose: (id: string, comment: string | null, applyDefault: boolean) =>
    post<AccessReviewRead>(base + at('access-reviews', id, 'close'), {
      comment,
      apply_default: applyDefault,
    }),
  reviewCancel: (id: string, reason: string | null) =>
    post<AccessReviewRead>(base + at('access-reviews', id, 'cancel'), { reason }),

  userOffboard: (userId: string) => post<OffboardingRead>(base + at('users', userId, 'offboard'), {}),

  lastUsedImport: (file: Blob, options: { dryRun: boolean; ignoreUnknown: boolean }) =>
    postCsv<LastUsedImportResult>('/grants/last-used/import', file, {
      dry_run: options.dryRun ? 'true' : undefined,
      ignore_unknown: options.ignoreUnknown ? 'true' : undefined,
    }),
}
