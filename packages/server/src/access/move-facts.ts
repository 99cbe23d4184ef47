/** Everything that the moves of a batch need to know, read at once after their requests were locked. */
import type { Transaction } from 'kysely'
import type { AppSetup } from '../apps/app-store.ts'
import type { Tables } from '../db/schema.ts'
import type { PayloadPerson } from './inline-payload.ts'
import { type MoveReads, moveReads } from './move-reads.ts'
import { type FactsWanted, requestFacts } from './request-facts.ts'
import { type GrantRow, lockGrants, type RequestRow } from './request-store.ts'

export type MoveFacts = {
  reads: MoveReads
  grantsOf(request: RequestRow): GrantRow[]
  setupOf(request: Pick<RequestRow, 'app_id'>): AppSetup
  peopleOf(request: Pick<RequestRow, 'target_user_id' | 'requester_id'>): {
    target: PayloadPerson
    requester: PayloadPerson
  }
}

/** `fresh`: of requests that are not there yet. */
export async function moveFacts(
  tx: Transaction<Tables>,
  locked: readonly RequestRow[],
  fresh: readonly FactsWanted[],
): Promise<MoveFacts> {
  const grants = await lockGrants(tx, locked)
  const { setups, people } = await requestFacts(tx, [
    ...locked.map(({ app_id, state, target_user_id, requester_id }) => ({
      appId: app_id,
      permissionIds: state.permissionIds,
      userIds: [target_user_id, requester_id],
    })),
    ...fresh,
  ])
  const known = <Found>(found: Found | undefined, id: string): Found => {
    if (found === undefined) throw new Error(`${id} is gone`)
    return found
  }
  return {
    reads: moveReads(tx),
    grantsOf: ({ id, extends_grant_ids }) =>
      grants.filter((grant) => grant.request_id === id || extends_grant_ids.includes(grant.id)),
    setupOf: ({ app_id }) => known(setups.get(app_id), app_id),
    peopleOf: ({ target_user_id, requester_id }) => ({
      target: known(people.get(target_user_id), target_user_id),
      requester: known(people.get(requester_id), requester_id),
    }),
  }
}
