/** Reads that callers of the same moment share: what they ask for while one is under way is read together. */
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { Context } from '../context.ts'
import { createBatcher } from '../db/batcher.ts'
import { type FactsWanted, type RequestFacts, requestFacts } from './request-facts.ts'
import { readRequests, type Viewed } from './request-read.ts'

export type SharedReads = {
  /** What a request would be about, and maybe other things. */
  facts(wanted: FactsWanted): Promise<RequestFacts>
  /** A request whole, as a caller may see it. */
  request(viewed: Viewed): Promise<AccessRequestRead>
}

const mostAtOnce = 64

export function createSharedReads(ctx: Pick<Context, 'db'>): SharedReads {
  const facts = createBatcher<FactsWanted, RequestFacts>(async (wanted) => {
    const found = await requestFacts(ctx.db, wanted)
    return wanted.map(() => found)
  }, mostAtOnce)
  const requests = createBatcher<Viewed, AccessRequestRead>((viewed) => readRequests(ctx, viewed), mostAtOnce)
  return { facts: facts.add, request: requests.add }
}
