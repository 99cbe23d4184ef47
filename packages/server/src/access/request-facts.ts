/** What requests are about: their apps and people. Read in one statement, for many requests at a time. */
import type { Kysely } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import { type AppSetup, readSetups, selectSetups } from '../apps/app-store.ts'
import type { Tables } from '../db/schema.ts'
import { readPayloadPeople, selectPayloadPeople } from './directory-facts.ts'
import type { PayloadPerson } from './inline-payload.ts'

/** Of one request. */
export type FactsWanted = {
  appId: string
  permissionIds: readonly string[]
  userIds: readonly string[]
}

/** What is not there is not in the maps. Apps with the permissions that are wanted of them, and maybe others. */
export type RequestFacts = {
  setups: ReadonlyMap<string, AppSetup>
  people: ReadonlyMap<string, PayloadPerson>
}

export async function requestFacts(
  db: Kysely<Tables>,
  wanted: readonly FactsWanted[],
): Promise<RequestFacts> {
  if (wanted.length === 0) return { setups: new Map(), people: new Map() }
  const setups = selectSetups(
    db,
    wanted.map(({ appId }) => appId),
    wanted.flatMap(({ permissionIds }) => permissionIds),
  )
  const people = selectPayloadPeople(
    db,
    wanted.flatMap(({ userIds }) => userIds),
  )
  const found = await db
    .selectNoFrom([jsonArrayFrom(setups).as('setups'), jsonArrayFrom(people).as('people')])
    .executeTakeFirstOrThrow()
  return { setups: readSetups(found.setups), people: readPayloadPeople(found.people) }
}
