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
  return readFacts(await db.selectNoFrom(selectFacts(db, wanted)).executeTakeFirstOrThrow())
}

/** The columns that read them, for those who do more in the same statement. */
export function selectFacts(db: Kysely<Tables>, wanted: readonly FactsWanted[]) {
  const setups = selectSetups(
    db,
    wanted.map(({ appId }) => appId),
    wanted.flatMap(({ permissionIds }) => permissionIds),
  )
  const people = selectPayloadPeople(
    db,
    wanted.flatMap(({ userIds }) => userIds),
  )
  return [jsonArrayFrom(setups).as('setups'), jsonArrayFrom(people).as('people')] as const
}

type Found = { setups: Parameters<typeof readSetups>[0]; people: Parameters<typeof readPayloadPeople>[0] }

export function readFacts({ setups, people }: Found): RequestFacts {
  return { setups: readSetups(setups), people: readPayloadPeople(people) }
}
