/** Access reviews as the API answers them, for this caller. */
import type { AccessReviewRead, AccessReviewSummary } from '@keyhook/contract/api/access-review.ts'
import { sql } from 'kysely'
import type { Caller } from '../apps/caller.ts'
import { findPrincipals } from '../apps/people.ts'
import type { Context } from '../context.ts'
import { namesOf } from './review-names.ts'
import { allowedOf, type ReviewRow } from './review-store.ts'

type Db = Pick<Context, 'db'>

/** Administrators see every review, others those that ask or asked them about something. */
export async function maySeeReview({ db }: Db, caller: Caller, { id }: ReviewRow): Promise<boolean> {
  if (caller.admin) return true
  const asked = await db
    .selectFrom('access_review_assignees')
    .select('item_id')
    .where('review_id', '=', id)
    .where('principal_id', 'in', [...caller.principalIds, ''])
    .limit(1)
    .executeTakeFirst()
  return asked !== undefined
}

export async function readReviewSummaries(
  ctx: Db,
  caller: Caller,
  rows: readonly ReviewRow[],
): Promise<AccessReviewSummary[]> {
  const nameOf = await namesOf(
    ctx,
    rows.flatMap(({ created_by, signed_off_by }) => [created_by, signed_off_by]),
  )
  const mine = await askedOf(ctx, caller, rows)
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    description: row.description,
    status: row.status,
    deadline: row.deadline.toISOString(),
    default_decision: row.default_decision,
    remind_before_seconds: row.remind_before_seconds,
    progress: {
      total: row.items,
      decided: row.kept + row.removed,
      keep: row.kept,
      remove: row.removed,
    },
    mine: mine.get(row.id) ?? { total: 0, undecided: 0 },
    created_at: row.created_at.toISOString(),
    created_by: nameOf(row.created_by),
    ended_at: row.ended_at?.toISOString() ?? null,
    signed_off_at: row.signed_off_at?.toISOString() ?? null,
    signed_off_by: nameOf(row.signed_off_by),
  }))
}

/** What of each review the caller is asked about; what is their own access is not theirs to decide. */
async function askedOf({ db }: Db, caller: Caller, rows: readonly ReviewRow[]) {
  const asked = await db
    .selectFrom('access_review_assignees as assignee')
    .innerJoin('access_review_items as item', 'item.id', 'assignee.item_id')
    .innerJoin('grants', 'grants.id', 'item.grant_id')
    .select([
      'assignee.review_id',
      sql<string>`count(distinct item.id)`.as('total'),
      sql<string>`count(distinct item.id) filter (where assignee.open and grants.status = 'active')`.as(
        'undecided',
      ),
    ])
    .where('assignee.review_id', 'in', [...rows.map(({ id }) => id), ''])
    .where('assignee.principal_id', 'in', [...caller.principalIds, ''])
    .where('assignee.user_id', '!=', caller.userId ?? '')
    .groupBy('assignee.review_id')
    .execute()
  return new Map(
    asked.map(({ review_id, total, undecided }) => [
      review_id,
      { total: Number(total), undecided: Number(undecided) },
    ]),
  )
}

export async function readReview(ctx: Db, caller: Caller, row: ReviewRow): Promise<AccessReviewRead> {
  const [summary] = await readReviewSummaries(ctx, caller, [row])
  if (!summary) throw new Error('a review has no summary')
  const { app_ids, permission_ids, user_ids, group_ids } = row.scope
  const { principal_ids } = row.reviewers
  const principals = await findPrincipals(ctx.db, [...user_ids, ...group_ids, ...principal_ids])
  const refs = (ids: readonly string[]) => ids.flatMap((id) => principals.get(id) ?? [])
  const nameOf = await namesOf(ctx, [row.cancelled_by])
  return {
    ...summary,
    scope: {
      apps: await namedRows(ctx, 'apps', 'name', app_ids),
      permissions: (await namedRows(ctx, 'permissions', 'label', permission_ids)).map(({ id, name }) => ({
        id,
        label: name,
      })),
      users: refs(user_ids),
      groups: refs(group_ids),
    },
    reviewers: { type: row.reviewers.type, principals: refs(principal_ids) },
    by_reviewer: await byReviewer(ctx, caller, row),
    outcome: await outcomeOf(ctx, row),
    sign_off_comment: row.sign_off_comment,
    cancelled_at: row.cancelled_at?.toISOString() ?? null,
    cancelled_by: nameOf(row.cancelled_by),
    allowed: allowedFor(caller, row, summary.mine.total),
  }
}

async function namedRows<Column extends 'name' | 'label'>(
  { db }: Db,
  table: Column extends 'name' ? 'apps' : 'permissions',
  column: Column,
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string; name: string }>`
    select id, ${sql.ref(column)} as name from ${sql.table(table)} where id = any(${[...ids]}::text[])
    order by name`.execute(db)
  return rows
}

async function byReviewer({ db }: Db, caller: Caller, { id }: ReviewRow) {
  let query = db
    .selectFrom('access_review_assignees as assignee')
    .innerJoin('access_review_items as item', 'item.id', 'assignee.item_id')
    .select([
      'assignee.principal_id',
      sql<string>`count(*)`.as('total'),
      sql<string>`count(item.decision)`.as('decided'),
    ])
    .where('assignee.review_id', '=', id)
    .groupBy('assignee.principal_id')
    .orderBy('total', 'desc')
    .orderBy('assignee.principal_id')
    .limit(500)
  if (!caller.admin) query = query.where('assignee.principal_id', 'in', [...caller.principalIds, ''])
  const rows = await query.execute()
  const principals = await findPrincipals(
    db,
    rows.map(({ principal_id }) => principal_id),
  )
  return rows.map(({ principal_id, total, decided }) => ({
    reviewer: principals.get(principal_id) ?? gone(principal_id),
    total: Number(total),
    decided: Number(decided),
  }))
}

function gone(id: string) {
  return { id, name: 'Somebody who is gone', kind: 'group' as const, active: false }
}

async function outcomeOf({ db }: Db, { id }: ReviewRow): Promise<AccessReviewRead['outcome']> {
  const removed = sql`item.decision = 'remove' and grants.end_reason = 'access_review'`
  const row = await db
    .selectFrom('access_review_items as item')
    .innerJoin('grants', 'grants.id', 'item.grant_id')
    .select([
      sql<string>`count(*) filter (where ${removed} and grants.status <> 'ended')`.as('removing'),
      sql<string>`count(*) filter (where ${removed} and grants.status = 'ended')`.as('removed'),
      sql<string>`count(*) filter (where item.by_default)`.as('by_default'),
      sql<string>`count(*) filter (where ${endedBefore})`.as('ended_before'),
    ])
    .where('item.review_id', '=', id)
    .executeTakeFirstOrThrow()
  return {
    removing: Number(row.removing),
    removed: Number(row.removed),
    by_default: Number(row.by_default),
    ended_before: Number(row.ended_before),
  }
}

/** The access ended for another reason than this review, and nobody decided to keep it. */
export const endedBefore = sql<boolean>`(grants.status <> 'active' and (item.decision is null
  or (item.decision = 'remove' and grants.end_reason is distinct from 'access_review')))`

function allowedFor(caller: Caller, row: ReviewRow, asked: number): AccessReviewRead['allowed'] {
  const possible = allowedOf(row)
  const own: AccessReviewRead['allowed'] = caller.admin
    ? ['change', 'decide', 'sign_off', 'cancel']
    : asked > 0
      ? ['decide']
      : []
  return own.filter((what) => possible.includes(what))
}
