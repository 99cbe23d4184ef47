import type { Kysely } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { MemberError } from '../lib/problem-error.ts'
import { findPrincipals } from './people.ts'

/** A user or group that a member names. */
export type Named = { readonly id: string; readonly pointer: string }

/** Where each of these stands, for lists of ids. */
export function namedIn(ids: readonly string[] | null | undefined, pointer: string): Named[] {
  return (ids ?? []).map((id, index) => ({ id, pointer: `${pointer}/${index}` }))
}

/**
 * One error for each user or group that is not there, or not active any more. Those that were named before may stay: who
 * changes something else need not clean up first.
 */
export async function principalErrors(
  db: Kysely<Tables>,
  named: readonly Named[],
  before: readonly Named[] = [],
): Promise<MemberError[]> {
  const kept = new Set(before.map(({ id }) => id))
  const added = named.filter(({ id }) => !kept.has(id))
  const found = await findPrincipals(
    db,
    added.map(({ id }) => id),
  )
  return added.flatMap(({ id, pointer }) => {
    const what = id.startsWith('grp_') ? 'group' : 'user'
    const principal = found.get(id)
    if (!principal) return [{ pointer, detail: `There is no ${what} with this id.` }]
    return principal.active ? [] : [{ pointer, detail: `${principal.name} is not active any more.` }]
  })
}
