/** What must be true of an app, a permission or a rule beyond its schema. */
import type { AppChange, ApprovalStep, IntakeField } from '@keyhook/contract/api/app.ts'
import type { Kysely } from 'kysely'
import { compileCondition } from '../conditions/condition.ts'
import type { Tables } from '../db/schema.ts'
import { type MemberError, validationFailed } from '../lib/problem-error.ts'
import { requireAttachable } from './attached-webhooks.ts'
import { type Named, namedIn, principalErrors } from './known-principals.ts'

type AppNames = Pick<AppChange, 'admins' | 'visible_to' | 'approvers' | 'owner_id'>

/**
 * Throws 422 with every member that is wrong. Members that are absent are not looked at. `before`: the app as it is; null
 * for a new one.
 */
export async function requireUsable(
  db: Kysely<Tables>,
  app: AppChange,
  before: AppNames | null,
): Promise<void> {
  const errors = [
    ...(await principalErrors(db, namedInApp(app), before ? namedInApp(before) : [])),
    ...(app.intake_fields ?? []).flatMap((field, index) => fieldErrors(field, `/intake_fields/${index}`)),
  ]
  if (errors.length > 0) throw validationFailed(errors)
  await requireAttachable(db, app.webhooks ?? {})
}

function namedInApp({ admins, visible_to, approvers, owner_id }: AppNames): Named[] {
  return [
    ...namedIn(admins, '/admins'),
    ...namedIn(visible_to, '/visible_to'),
    ...namedInSteps(approvers),
    ...(owner_id ? [{ id: owner_id, pointer: '/owner_id' }] : []),
  ]
}

/** Throws 422 for approvers that are not there and webhooks that do not fit. */
export async function requireUsablePermission(
  db: Kysely<Tables>,
  {
    approvers,
    webhooks,
  }: { approvers?: ApprovalStep[] | null | undefined; webhooks?: AppChange['webhooks'] },
  before: readonly ApprovalStep[] | null,
): Promise<void> {
  const errors = await principalErrors(db, namedInSteps(approvers), namedInSteps(before))
  if (errors.length > 0) throw validationFailed(errors)
  await requireAttachable(db, webhooks ?? {})
}

function namedInSteps(steps: readonly ApprovalStep[] | null | undefined) {
  return (steps ?? []).flatMap((step, index) =>
    namedIn(step.principal_ids, `/approvers/${index}/principal_ids`),
  )
}

function fieldErrors({ shown_when, check }: IntakeField, at: string): MemberError[] {
  return [
    ...conditionErrors(shown_when, `${at}/shown_when`),
    ...conditionErrors(check?.condition ?? null, `${at}/check/condition`),
  ]
}

/** What is wrong with a CEL expression, and where in it. */
export function conditionErrors(text: string | null | undefined, pointer: string): MemberError[] {
  if (text === null || text === undefined) return []
  const compiled = compileCondition(text)
  if (compiled.ok) return []
  return [{ pointer, detail: `Line ${compiled.line}, column ${compiled.column}: ${compiled.detail}` }]
}
