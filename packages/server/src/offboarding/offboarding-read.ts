/** Offboardings as the API answers them. */
import type { OffboardingRead, OffboardingSummary } from '@keyhook/contract/api/offboarding.ts'
import { sql } from 'kysely'
import { readGrants } from '../access/grant-read.ts'
import { findUsers, readPerson } from '../apps/people.ts'
import type { Context } from '../context.ts'
import type { OffboardingRow } from './offboarding-store.ts'
import { todoOf } from './offboarding-todo.ts'

type Db = Pick<Context, 'db'>

const mostGrants = 500
const mostRequests = 100

export async function readOffboardings(
  { db }: Db,
  rows: readonly OffboardingRow[],
): Promise<OffboardingSummary[]> {
  const users = await findUsers(
    db,
    rows.map(({ user_id }) => user_id),
  )
  const counts = await db
    .selectFrom('offboardings')
    .innerJoin('grants', 'grants.user_id', 'offboardings.user_id')
    .select(['offboardings.id', 'grants.status', sql<string>`count(*)`.as('count')])
    .where('offboardings.id', 'in', [...rows.map(({ id }) => id), ''])
    .where(ofOffboarding)
    .groupBy(['offboardings.id', 'grants.status'])
    .execute()
  return rows.map((row) => {
    const own = counts.filter(({ id }) => id === row.id)
    const of = (status: string) => Number(own.find((one) => one.status === status)?.count ?? 0)
    return {
      id: row.id,
      user: readPerson(users.get(row.user_id)),
      status: row.status,
      started_at: row.started_at.toISOString(),
      started_by: starterOf(row),
      finished_at: row.finished_at?.toISOString() ?? null,
      progress: {
        total: own.reduce((sum, { count }) => sum + Number(count), 0),
        ended: of('ended'),
        removing: of('deprovisioning'),
        by_hand: of('awaiting_removal'),
      },
    }
  })
}

/** Access that the user had while it ran: what ended before or was given after is of another time. */
const ofOffboarding = sql<boolean>`(grants.ended_at is null or grants.ended_at >= offboardings.started_at)
  and (offboardings.finished_at is null or grants.granted_at <= offboardings.finished_at)`

function starterOf({ started_by: actor }: OffboardingRow): string {
  if (actor.type === 'SYSTEM') return 'Keyhook'
  if (actor.type !== 'USER') return actor.name
  return `${actor.given_name} ${actor.family_name}`.trim() || actor.email
}

export async function readOffboarding(ctx: Db, row: OffboardingRow): Promise<OffboardingRead> {
  const [summary] = await readOffboardings(ctx, [row])
  if (!summary) throw new Error('an offboarding has no summary')
  const grants = await ctx.db
    .selectFrom('grants')
    .innerJoin('offboardings', 'offboardings.user_id', 'grants.user_id')
    .selectAll('grants')
    .where('offboardings.id', '=', row.id)
    .where(ofOffboarding)
    .orderBy(sql`grants.status = 'ended'`)
    .orderBy('grants.id', 'desc')
    .limit(mostGrants)
    .execute()
  const todo = await todoOf(ctx.db, row)
  const tasks = await openRemovals(ctx, row)
  return {
    ...summary,
    grants: (await readGrants(ctx, grants)).map((grant) => ({
      ...grant,
      open_task_id: tasks.get(`${grant.access_request_id} ${grant.permission.id}`) ?? null,
    })),
    cancelled_requests: await cancelledRequests(ctx, row),
    todo,
  }
}

/** Open tasks of removal by hand, by request and permission. */
async function openRemovals({ db }: Db, { user_id }: OffboardingRow): Promise<Map<string, string>> {
  const tasks = await db
    .selectFrom('grants')
    .innerJoin('tasks', 'tasks.request_id', 'grants.request_id')
    .select(['tasks.id', 'tasks.request_id', 'tasks.permission_ids'])
    .where('grants.user_id', '=', user_id)
    .where('grants.status', '<>', 'ended')
    .where('tasks.status', '=', 'open')
    .where('tasks.kind', '=', 'confirm_deprovisioning')
    .execute()
  return new Map(
    tasks.flatMap((task) => task.permission_ids.map((id) => [`${task.request_id} ${id}`, task.id] as const)),
  )
}

async function cancelledRequests({ db }: Db, row: OffboardingRow) {
  let query = db
    .selectFrom('access_requests')
    .innerJoin('apps', 'apps.id', 'access_requests.app_id')
    .select(['access_requests.id', 'apps.id as app_id', 'apps.name'])
    .where('access_requests.target_user_id', '=', row.user_id)
    .where('access_requests.status', '=', 'cancelled')
    .where('access_requests.updated_at', '>=', row.started_at)
  if (row.finished_at) query = query.where('access_requests.updated_at', '<=', row.finished_at)
  const requests = await query.orderBy('access_requests.id', 'desc').limit(mostRequests).execute()
  return requests.map(({ id, app_id, name }) => ({ id, app: { id: app_id, name } }))
}
