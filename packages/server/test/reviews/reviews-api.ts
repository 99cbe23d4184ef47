/** Calls about access reviews, as tests make them. */
import type { AccessReviewRead, ReviewItemRead } from '@keyhook/contract/api/access-review.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import { expect } from 'vitest'
import type { ApiAnswer, ApiOptions, TestService } from '../support/harness.ts'
import { day } from './company.ts'

type OrProblem<Body> = ApiAnswer<Body & Omit<Problem, keyof Body>>

export function reviewsOf(service: TestService) {
  return {
    review(
      more: Record<string, unknown> = {},
      options: ApiOptions = {},
    ): Promise<OrProblem<AccessReviewRead>> {
      const body = {
        name: 'Quarter',
        reviewers: { type: 'manager' },
        deadline: new Date(service.ctx.clock() + 14 * day).toISOString(),
        ...more,
      }
      return service.api('POST', '/access-reviews', body, options)
    },

    async itemsOf(id: string, query = '', options: ApiOptions = {}): Promise<ReviewItemRead[]> {
      const path = `/access-reviews/${id}/items?${query}`
      const answer = await service.api<Page<ReviewItemRead>>('GET', path, undefined, options)
      expect(answer.status, answer.text).toBe(200)
      return answer.body.data
    },

    decide(
      item: ReviewItemRead | undefined,
      body: unknown,
      options: ApiOptions = {},
    ): Promise<OrProblem<ReviewItemRead>> {
      const path = `/access-reviews/${item?.access_review_id}/items/${item?.id}/decide`
      return service.api('POST', path, body, options)
    },

    async read(id: string, options: ApiOptions = {}): Promise<AccessReviewRead> {
      return (await service.api<AccessReviewRead>('GET', `/access-reviews/${id}`, undefined, options)).body
    },

    close(id: string, body?: unknown, options: ApiOptions = {}): Promise<OrProblem<AccessReviewRead>> {
      return service.api('POST', `/access-reviews/${id}/close`, body, options)
    },
  }
}
