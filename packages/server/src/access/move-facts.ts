/** Everything that the moves of a batch need to know, read at once after their requests were locked. */
import type { Transaction } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { AppSetup } from '../apps/app-store.ts'
import type { Tables } from '../db/schema.ts'
import type { PayloadPerson } from './inline-payload.ts'
import { type MoveReads, moveReads } from './move-reads.ts'
import { type FactsWanted, type RequestFacts, readFacts, selectFacts } from './request-facts.ts'
import { type GrantRow, lockGrants, type RequestRow } from './request-store.ts'

export type MoveFacts = RequestFacts & {
  reads: MoveReads
  /** Whether this call waited for its answer until now. */
  wasOpen(callId: string): boolean
  grantsOf(request: RequestRow): GrantRow[]
  setupOf(request: Pick<RequestRow, 'app_id'>): AppSetup
  peopleOf(request: Pick<RequestRow, 'target_user_id' | 'requester_id'>): {
    target: PayloadPerson
    requester: PayloadPerson
  }
}

type MoveFactsWanted = {
  locked: readonly RequestRow[]
  /** Of requests that are not there yet. */
  fresh: readonly FactsWanted[]
  /** Calls that the moves answer: they are done with this. */
  callIds: readonly string[]
  now: number
}

/** Their requests have to be locked by a statement before, so that this one sees what others did until then. */
export async function moveFacts(
  tx: Transaction<Tables>,
  { locked, fresh, callIds, now }: MoveFactsWanted,
): Promise<MoveFacts> {
  const grants = await lockGrants(tx, locked)
  const wanted = [
    ...locked.map(({ app_id, state, target_user_id, requester_id }) => ({
      appId: app_id,
      permissionIds: state.permissionIds,
      userIds: [target_user_id, requester_id],
    })),
    ...fresh,
  ]
  const found = await tx
    .with('answered', (db) =>
      db
        .updateTable('calls')
        .set({ done_at: new Date(now) })
        .where('id', 'in', [...callIds, ''])
        .where('done_at', 'is', null)
        .returning('id'),
    )
    .selectNoFrom((select) => [
      ...selectFacts(tx, wanted),
      jsonArrayFrom(select.selectFrom('answered').select('id')).as('answered'),
    ])
    .executeTakeFirstOrThrow()
  const { setups, people } = readFacts(found)
  const answered = new Set(found.answered.map(({ id }) => id))
  const known = <Found>(found: Found | undefined, id: string): Found => {
    if (found === undefined) throw new Error(`${id} is gone`)
    return found
  }
  return {
    setups,
    people,
    reads: moveReads(tx),
    wasOpen: (callId) => answered.has(callId),
    grantsOf: ({ id, extends_grant_ids }) =>
      grants.filter((grant) => grant.request_id === id || extends_grant_ids.includes(grant.id)),
    setupOf: ({ app_id }) => known(setups.get(app_id), app_id),
    peopleOf: ({ target_user_id, requester_id }) => ({
      target: known(people.get(target_user_id), target_user_id),
      requester: known(people.get(requester_id), requester_id),
    }),
  }
}
