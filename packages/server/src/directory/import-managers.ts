/** Who would manage whom after an import. */
import type { Kysely } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { inParts } from './in-parts.ts'

/** Manager of each user; null: nobody. */
type Above = Map<string, string | null>

const atOnce = 5_000

/** Those of `changed` who would be above themselves. `changed` has the managers as the import states them. */
export async function findCircles(db: Kysely<Tables>, changed: Above): Promise<Set<string>> {
  const above: Above = new Map(changed)
  let unknown = unknownIn(above, [...changed.values()])
  while (unknown.length > 0) {
    const rows = await inParts(unknown, atOnce, (ids) =>
      db.selectFrom('users').select(['id', 'manager_id']).where('id', 'in', ids).execute(),
    )
    // Who is not there has nobody above; that is told elsewhere.
    for (const id of unknown) above.set(id, null)
    for (const { id, manager_id } of rows) above.set(id, manager_id)
    unknown = unknownIn(
      above,
      rows.map(({ manager_id }) => manager_id),
    )
  }
  return circlesIn(above, changed.keys())
}

/** The same people, nobody before the one who manages them. Without circles. */
export function managersFirst<User extends { id: string; manager_id: string | null }>(
  users: readonly User[],
): User[] {
  const waiting = new Map(users.map((user) => [user.id, user]))
  const ordered: User[] = []
  for (const user of users) {
    const chain: User[] = []
    for (let at: User | undefined = user; at && waiting.delete(at.id); at = waiting.get(at.manager_id ?? ''))
      chain.push(at)
    for (const one of chain.reverse()) ordered.push(one)
  }
  return ordered
}

function unknownIn(above: Above, ids: readonly (string | null)[]): string[] {
  return [...new Set(ids)].filter((id) => id !== null && !above.has(id)) as string[]
}

/** Walks up from each of `starts`, nowhere twice. */
function circlesIn(above: Above, starts: Iterable<string>): Set<string> {
  const seen = new Set<string>()
  const inCircle = new Set<string>()
  for (const start of starts) {
    const path: string[] = []
    const onPath = new Set<string>()
    let at: string | null = start
    while (at !== null && !seen.has(at)) {
      seen.add(at)
      path.push(at)
      onPath.add(at)
      at = above.get(at) ?? null
    }
    if (at === null || !onPath.has(at)) continue
    for (const id of path.slice(path.indexOf(at))) inCircle.add(id)
  }
  return inCircle
}
