/** Reads that callers of the same moment share: what they ask for while one is under way is read together. */
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { Context } from '../context.ts'
import { createBatcher } from '../db/batcher.ts'
import { readRequests, type Viewed } from './request-read.ts'

export type SharedReads = {
  /** A request whole, as a caller may see it. */
  request(viewed: Viewed): Promise<AccessRequestRead>
}

const mostAtOnce = 64

export function createSharedReads(ctx: Pick<Context, 'db'>): SharedReads {
  const requests = createBatcher<Viewed, AccessRequestRead>((viewed) => readRequests(ctx, viewed), mostAtOnce)
  return { request: requests.add }
}
