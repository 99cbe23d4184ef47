/** Finds the access that reports of use are about, by who has what. */
import type { LastUse } from '@keyhook/contract/api/last-used.ts'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../db/schema.ts'

/** A grant; or why there is none, and whether that is for want of somebody or something here. */
export type FoundGrant = { grantId: string } | { wrong: string; unknown: boolean }

const unknown = (wrong: string): FoundGrant => ({ wrong, unknown: true })

/** For each use, in their order. */
export async function findGrants(db: Kysely<Tables>, uses: readonly LastUse[]): Promise<FoundGrant[]> {
  const active = await activeByIds(
    db,
    uses.flatMap(({ grant_id }) => grant_id ?? []),
  )
  const directory = await directoryOf(db, uses)
  return uses.map(({ grant_id, ...named }) => {
    if (grant_id === undefined) return findNamed(named, directory)
    return active.has(grant_id) ? { grantId: grant_id } : unknown('There is no active access with this id.')
  })
}

async function activeByIds(db: Kysely<Tables>, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('grants')
    .select('id')
    .where('id', 'in', [...ids, ''])
    .where('status', '=', 'active')
    .execute()
  return new Set(rows.map(({ id }) => id))
}

type Named = Pick<LastUse, 'user_email' | 'app' | 'permission'>

type Directory = {
  /** By e-mail address in lower case. */
  users: Map<string, string>
  apps: { id: string; slug: string; instance_id: string }[]
  permissions: { id: string; app_id: string; label: string; value: string }[]
  /** By user and permission. */
  grants: Map<string, string>
}

async function directoryOf(db: Kysely<Tables>, uses: readonly Named[]): Promise<Directory> {
  const emails = [...new Set(uses.flatMap(({ user_email }) => user_email?.toLowerCase() ?? []))]
  const names = [...new Set(uses.flatMap(({ app }) => app ?? []))]
  if (emails.length === 0) return { users: new Map(), apps: [], permissions: [], grants: new Map() }
  const users = await db
    .selectFrom('users')
    .select(['id', sql<string>`lower(email)`.as('email')])
    .where(sql`lower(email)`, 'in', emails)
    .execute()
  const apps = await db
    .selectFrom('apps')
    .select(['id', 'slug', 'instance_id'])
    .where(({ or, eb }) =>
      or([eb('id', 'in', names), eb('slug', 'in', names), eb('instance_id', 'in', names)]),
    )
    .execute()
  const permissions = await db
    .selectFrom('permissions')
    .select(['id', 'app_id', 'label', 'value'])
    .where('app_id', 'in', [...apps.map(({ id }) => id), ''])
    .execute()
  const grants = await db
    .selectFrom('grants')
    .select(['id', 'user_id', 'permission_id'])
    .where('user_id', 'in', [...users.map(({ id }) => id), ''])
    .where('app_id', 'in', [...apps.map(({ id }) => id), ''])
    .where('status', '=', 'active')
    .orderBy('id')
    .execute()
  return {
    users: new Map(users.map(({ id, email }) => [email, id])),
    apps,
    permissions,
    grants: new Map(grants.map((grant) => [`${grant.user_id} ${grant.permission_id}`, grant.id])),
  }
}

function findNamed({ user_email = '', app = '', permission = '' }: Named, known: Directory): FoundGrant {
  const userId = known.users.get(user_email.toLowerCase())
  if (userId === undefined) return unknown('There is no user with this e-mail address.')
  const apps = known.apps.filter(({ id, instance_id }) => id === app || instance_id === app).slice(0, 1)
  if (apps.length === 0) apps.push(...known.apps.filter(({ slug }) => slug === app))
  if (apps.length > 1)
    return { wrong: 'Several apps have this app_id: give the instance_id.', unknown: false }
  const [found] = apps
  if (!found) return unknown('There is no such app.')
  const permissions = permissionsNamed(known, found.id, permission)
  if (permissions.length === 0) return unknown('The app has no such permission.')
  const held = permissions.flatMap(({ id }) => known.grants.get(`${userId} ${id}`) ?? [])
  if (held.length > 1)
    return { wrong: 'The user has several permissions of this name: give the id of one.', unknown: false }
  const [grantId] = held
  return grantId === undefined ? unknown('The user does not have this permission.') : { grantId }
}

/** By its id, else by its value, else by its label; archived ones have their names too. */
function permissionsNamed({ permissions }: Directory, appId: string, name: string) {
  const own = permissions.filter(({ app_id }) => app_id === appId)
  for (const member of ['id', 'value', 'label'] as const) {
    const found = own.filter((permission) => permission[member] === name)
    if (found.length > 0) return found
  }
  return []
}
