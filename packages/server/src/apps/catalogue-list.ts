/** What a person may request. Apps are few; what a person has and asks for is looked up by the person. */
import type { CatalogueEntry, CatalogueItem } from '@keyhook/contract/api/app.ts'
import type { Kysely } from 'kysely'
import { contains } from '../db/contains.ts'
import type { Tables } from '../db/schema.ts'
import { type AppRow, findSetup } from './app-store.ts'
import { type Caller, mayAdminister } from './caller.ts'
import { findUsers, readPerson } from './people.ts'

export type CatalogueFilter = {
  q: string | undefined
  category: string | undefined
  /** Name and id of the last app of the page before: apps are sorted by name. */
  after: { name: string; id: string } | null
  limit: number
}

/** Whether an app is there for this caller. */
export function isVisible(caller: Caller, { id, settings }: Pick<AppRow, 'id' | 'settings'>): boolean {
  const { visible_to } = settings
  return (
    visible_to === null ||
    mayAdminister(caller, id) ||
    visible_to.some((principal) => caller.principalIds.includes(principal))
  )
}

/** By name; one more than `limit` when there are more. */
export async function listCatalogue(
  db: Kysely<Tables>,
  caller: Caller,
  { q, category, after, limit }: CatalogueFilter,
): Promise<AppRow[]> {
  const found: AppRow[] = []
  // Those that are not visible are left out after they were read, so it may take another look.
  for (let behind = after; ; ) {
    let query = db.selectFrom('apps').selectAll().where('archived_at', 'is', null)
    if (category !== undefined) query = query.where('category', '=', category)
    if (q !== undefined && q.trim() !== '') {
      const pattern = contains(q.trim())
      query = query.where((where) =>
        where.or([
          where('name', 'ilike', pattern),
          where('description', 'ilike', pattern),
          where('category', 'ilike', pattern),
        ]),
      )
    }
    if (behind !== null) {
      const { name, id } = behind
      query = query.where((where) =>
        where.or([where('name', '>', name), where.and([where('name', '=', name), where('id', '>', id)])]),
      )
    }
    const size = limit + 1
    const rows = await query.orderBy('name').orderBy('id').limit(size).execute()
    found.push(...rows.filter((row) => isVisible(caller, row)))
    const last = rows.at(-1)
    if (found.length > limit || rows.length < size || !last) return found.slice(0, limit + 1)
    behind = last
  }
}

export async function readCatalogue(
  db: Kysely<Tables>,
  caller: Caller,
  rows: readonly AppRow[],
): Promise<CatalogueItem[]> {
  const held = await heldBy(db, caller)
  const requested = await requestedBy(db, caller)
  return rows.map(({ id, name, description, icon, category }) => ({
    ...{ id, name, description, icon, category },
    held: held.filter(({ app_id }) => app_id === id).length,
    requested: new Set(requested.filter(({ app_id }) => app_id === id).map(({ request_id }) => request_id))
      .size,
  }))
}

/** Categories of the apps that the caller sees, in order. */
export async function categoriesFor(db: Kysely<Tables>, caller: Caller): Promise<string[]> {
  const rows = await db
    .selectFrom('apps')
    .select(['id', 'category', 'settings'])
    .where('archived_at', 'is', null)
    .where('category', 'is not', null)
    .execute()
  const seen = rows.filter((row) => isVisible(caller, row)).flatMap(({ category }) => category ?? [])
  return [...new Set(seen)].sort((left, right) => left.localeCompare(right, 'en'))
}

/** Everything that the form of a request needs; null: the app is not there for this caller. */
export async function findCatalogueEntry(
  db: Kysely<Tables>,
  caller: Caller,
  appId: string,
): Promise<CatalogueEntry | null> {
  const setup = await findSetup(db, appId)
  if (!setup || setup.app.archived_at || !isVisible(caller, setup.app)) return null
  const { app, permissions } = setup
  const held = new Set((await heldBy(db, caller)).map(({ permission_id }) => permission_id))
  const owner =
    app.owner_id === null ? null : readPerson((await findUsers(db, [app.owner_id])).get(app.owner_id))
  return {
    id: app.id,
    name: app.name,
    description: app.description,
    icon: app.icon,
    category: app.category,
    owner,
    request_for_others: app.settings.request_for_others,
    access_lengths_seconds: app.settings.access_lengths_seconds,
    permissions: permissions
      .filter(({ archived_at }) => archived_at === null)
      .map(({ id, label, description }) => ({ id, label, description, held: held.has(id) })),
    intake_fields: app.settings.intake_fields,
  }
}

async function heldBy(db: Kysely<Tables>, { userId }: Caller) {
  if (userId === null) return []
  return db
    .selectFrom('grants')
    .select(['app_id', 'permission_id'])
    .where('user_id', '=', userId)
    .where('status', '!=', 'ended')
    .execute()
}

/** A permission stays in `open_requests` while it is held: what is held is not asked for any more. */
async function requestedBy(db: Kysely<Tables>, { userId }: Caller) {
  if (userId === null) return []
  return db
    .selectFrom('open_requests')
    .innerJoin('access_requests', 'access_requests.id', 'open_requests.request_id')
    .select(['access_requests.app_id', 'open_requests.request_id'])
    .where('open_requests.target_user_id', '=', userId)
    .where('access_requests.status', 'in', [
      'validating',
      'pre_approving',
      'awaiting_approval',
      'provisioning',
      'awaiting_confirmation',
    ])
    .execute()
}
