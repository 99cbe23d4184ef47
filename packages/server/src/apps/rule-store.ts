/** Pre-approval rules are made, changed, moved and deleted, each with its entry in the log. */
import type { PreApprovalRuleChange, PreApprovalRuleCreate } from '@keyhook/contract/api/pre-approval-rule.ts'
import type { Kysely, Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { changeOf } from '../events/change-of.ts'
import type { Actor, Target } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { IdempotencyKey } from '../http/idempotency.ts'
import { takeKey } from '../http/make-once.ts'
import { newId } from '../lib/ids.ts'
import { type MemberError, validationFailed } from '../lib/problem-error.ts'
import { changedMeanwhile } from './app-changes.ts'
import { conditionErrors } from './app-checks.ts'
import { appEvent } from './app-log.ts'
import { readRule } from './app-read.ts'
import { type AppRow, defined, type RuleRow } from './app-store.ts'
import { requireTypes } from './attached-webhooks.ts'
import { namedIn, principalErrors } from './known-principals.ts'

function ruleTarget({ id, name }: Pick<RuleRow, 'id' | 'name'>): Target {
  return { type: 'PRE_APPROVAL_RULE', data: { id, name } }
}

/** In the order in which they are asked. */
export function rulesOf(db: Kysely<Tables>, appId: string): Promise<RuleRow[]> {
  return db
    .selectFrom('pre_approval_rules')
    .selectAll()
    .where('app_id', '=', appId)
    .orderBy('position')
    .orderBy('id')
    .execute()
}

/** Throws 422. */
export async function createRule(
  ctx: Context,
  app: AppRow,
  wanted: PreApprovalRuleCreate,
  { actor, key }: { actor: Actor; key: IdempotencyKey | null },
): Promise<RuleRow> {
  await requireUsableRule(ctx.db, app.id, wanted, null)
  const now = ctx.clock()
  const { name, enabled, position, ...settings } = wanted
  return ctx.db.transaction().execute(async (tx) => {
    const others = await lockRules(tx, app.id)
    const row = await tx
      .insertInto('pre_approval_rules')
      .values({
        id: newId('par', now),
        app_id: app.id,
        position: others.length,
        ...{ name, enabled },
        settings: JSON.stringify(settings),
        created_at: new Date(now),
        updated_at: new Date(now),
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    const place = await moveTo(tx, [...others, row], row.id, position ?? others.length)
    await appendEvents(tx, now, [
      appEvent('ADMIN_CREATED_PRE_APPROVAL_RULE', app, actor, { after: { ...wanted } }, [ruleTarget(row)]),
    ])
    await takeKey(ctx, tx, key, row)
    return { ...row, position: place }
  })
}

/** Throws 422, and 412 when somebody else was faster. */
export async function changeRule(
  ctx: Context,
  app: AppRow,
  rule: RuleRow,
  change: PreApprovalRuleChange,
  actor: Actor,
): Promise<RuleRow> {
  await requireUsableRule(ctx.db, app.id, change, rule.settings)
  const now = ctx.clock()
  const { name = rule.name, enabled = rule.enabled, position, ...settings } = change
  return ctx.db.transaction().execute(async (tx) => {
    const all = await lockRules(tx, app.id)
    const row = await tx
      .updateTable('pre_approval_rules')
      .set({
        ...{ name, enabled },
        settings: JSON.stringify({ ...rule.settings, ...defined(settings) }),
        version: rule.version + 1,
        updated_at: new Date(now),
      })
      .where('id', '=', rule.id)
      .where('version', '=', rule.version)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw changedMeanwhile()
    const place = position === undefined ? row.position : await moveTo(tx, all, rule.id, position)
    const changed = { ...row, position: place }
    const { updated_at: _, ...before } = readRule(rule)
    const { updated_at: __, ...after } = readRule(changed)
    const changes = changeOf(before, after)
    if (changes)
      await appendEvents(tx, now, [
        appEvent('ADMIN_UPDATED_PRE_APPROVAL_RULE', app, actor, changes, [ruleTarget(row)]),
      ])
    return changed
  })
}

export async function deleteRule(ctx: Context, app: AppRow, rule: RuleRow, actor: Actor): Promise<void> {
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (tx) => {
    const all = await lockRules(tx, app.id)
    await tx.deleteFrom('pre_approval_rules').where('id', '=', rule.id).execute()
    await renumber(
      tx,
      all.filter(({ id }) => id !== rule.id),
    )
    await appendEvents(tx, now, [
      appEvent('ADMIN_DELETED_PRE_APPROVAL_RULE', app, actor, { before: readRule(rule) }, [ruleTarget(rule)]),
    ])
  })
}

/** Who changes the order of an app's rules takes turns with others: its app is locked. */
async function lockRules(tx: Transaction<Tables>, appId: string): Promise<RuleRow[]> {
  await tx.selectFrom('apps').select('id').where('id', '=', appId).forUpdate().execute()
  return rulesOf(tx, appId)
}

/** Puts a rule in its place among the others; returns the place. */
async function moveTo(
  tx: Transaction<Tables>,
  all: readonly RuleRow[],
  id: string,
  position: number,
): Promise<number> {
  const others = all.filter((rule) => rule.id !== id)
  const place = Math.min(position, others.length)
  const moved = all.find((rule) => rule.id === id)
  await renumber(tx, moved ? others.toSpliced(place, 0, moved) : others)
  return place
}

async function renumber(tx: Transaction<Tables>, rules: readonly RuleRow[]): Promise<void> {
  for (const [position, { id }] of rules.entries())
    await tx.updateTable('pre_approval_rules').set({ position }).where('id', '=', id).execute()
}

async function requireUsableRule(
  db: Kysely<Tables>,
  appId: string,
  { user_ids, group_ids, permission_ids, webhook_ids, condition }: PreApprovalRuleChange,
  before: RuleRow['settings'] | null,
): Promise<void> {
  const named = [...namedIn(user_ids, '/user_ids'), ...namedIn(group_ids, '/group_ids')]
  const kept = [...namedIn(before?.user_ids, ''), ...namedIn(before?.group_ids, '')]
  const errors: MemberError[] = [
    ...(await principalErrors(db, named, kept)),
    ...(await permissionErrors(db, appId, permission_ids ?? [], before?.permission_ids ?? [])),
    ...conditionErrors(condition, '/condition'),
  ]
  if (errors.length > 0) throw validationFailed(errors)
  const wanted = namedIn(webhook_ids, '/webhook_ids').map((named) => ({ ...named, type: 'pre_approval' }))
  await requireTypes(db, wanted)
}

async function permissionErrors(
  db: Kysely<Tables>,
  appId: string,
  ids: readonly string[],
  kept: readonly string[],
): Promise<MemberError[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('permissions')
    .select('id')
    .where('app_id', '=', appId)
    .where('archived_at', 'is', null)
    .execute()
  const known = new Set([...rows.map(({ id }) => id), ...kept])
  return namedIn(ids, '/permission_ids')
    .filter(({ id }) => !known.has(id))
    .map(({ pointer }) => ({ pointer, detail: 'This app has no such permission.' }))
}
