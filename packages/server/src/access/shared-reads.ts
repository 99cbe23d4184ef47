/** Reads that callers of the same moment share: what they ask for while one is under way is read together. */
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import { type AppSetup, findSetups } from '../apps/app-store.ts'
import type { Context } from '../context.ts'
import { createBatcher } from '../db/batcher.ts'
import { payloadPeople } from './directory-facts.ts'
import type { PayloadPerson } from './inline-payload.ts'
import { readRequests, type Viewed } from './request-read.ts'

export type SharedReads = {
  /** With these of its permissions, and maybe others. */
  setup(wanted: SetupWanted): Promise<AppSetup | null>
  person(userId: string): Promise<PayloadPerson | null>
  /** A request whole, as a caller may see it. */
  request(viewed: Viewed): Promise<AccessRequestRead>
}

type SetupWanted = { appId: string; permissionIds: readonly string[] }

const mostAtOnce = 64

export function createSharedReads(ctx: Pick<Context, 'db'>): SharedReads {
  const setups = createBatcher<SetupWanted, AppSetup | null>(async (wanted) => {
    const found = await findSetups(
      ctx.db,
      wanted.map(({ appId }) => appId),
      wanted.flatMap(({ permissionIds }) => permissionIds),
    )
    return wanted.map(({ appId }) => found.get(appId) ?? null)
  }, mostAtOnce)
  const people = createBatcher<string, PayloadPerson | null>(async (ids) => {
    const found = await payloadPeople(ctx.db, ids)
    return ids.map((id) => found.get(id) ?? null)
  }, mostAtOnce)
  const requests = createBatcher<Viewed, AccessRequestRead>((viewed) => readRequests(ctx, viewed), mostAtOnce)
  return { setup: setups.add, person: people.add, request: requests.add }
}
