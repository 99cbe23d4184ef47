/** Who manages whom: nobody is above themself. */
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { validationFailed } from '../lib/problem-error.ts'

/** No organisation is so deep; ends the walk if there were a circle already. */
const mostLevels = 1_000

/** Throws 422 when the manager is not there, or is the user or somebody below the user. */
export async function requireManager(db: Kysely<Tables>, userId: string, managerId: string): Promise<void> {
  const wrong = (detail: string) => validationFailed([{ pointer: '/manager_id', detail }])
  if (managerId === userId) throw wrong('Nobody is their own manager.')
  const { rows } = await sql<{ id: string; name: string }>`
    with recursive above (id, manager_id, name, level) as (
      select id, manager_id, coalesce(nullif(trim(given_name || ' ' || family_name), ''), email), 1
        from users where id = ${managerId}
      union all
      select users.id, users.manager_id,
          coalesce(nullif(trim(users.given_name || ' ' || users.family_name), ''), users.email), level + 1
        from users join above on users.id = above.manager_id
        where above.id <> ${userId} and level < ${mostLevels}
    )
    select id, name from above order by level`.execute(db)
  if (rows.length === 0) throw wrong('There is no such user.')
  const last = rows.at(-1)
  if (last?.id !== userId) return
  const names = [last.name, ...rows.map(({ name }) => name)]
  throw wrong(`This would be a circle: ${names.join(', managed by ')}.`)
}
