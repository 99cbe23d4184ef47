/** Who calls, and what is theirs: what the routes of access governance decide by. */
import type { Kysely } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import type { Principal } from '../http/principal.ts'
import { administrators } from './administrators.ts'

export type Caller = {
  readonly principal: Principal
  /** null: a program with an API key. */
  readonly userId: string | null
  readonly admin: boolean
  /** Apps that the caller is app admin of. */
  readonly adminOf: readonly string[]
  /** What tasks may be assigned to: the user, their groups, their apps, the administrators. */
  readonly principalIds: readonly string[]
}

export async function callerOf({ db }: Pick<Context, 'db'>, principal: Principal): Promise<Caller> {
  const admin = principal.role === 'admin'
  const userId = principal.kind === 'session' ? principal.id : null
  const own = userId === null ? [] : await principalIdsOf(db, userId)
  const adminOf = await appsOf(db, own)
  return {
    principal,
    userId,
    admin,
    adminOf,
    principalIds: [...own, ...adminOf, ...(admin ? [administrators] : [])],
  }
}

/** A user and their groups. */
export async function principalIdsOf(db: Kysely<Tables>, userId: string): Promise<string[]> {
  const groups = await db
    .selectFrom('group_members')
    .select('group_id')
    .where('user_id', '=', userId)
    .execute()
  return [userId, ...groups.map(({ group_id }) => group_id)]
}

/** Archived ones too: access that people have through them is still to be removed. */
async function appsOf(db: Kysely<Tables>, principalIds: readonly string[]): Promise<string[]> {
  if (principalIds.length === 0) return []
  const apps = await db
    .selectFrom('app_admins')
    .select('app_id')
    .distinct()
    .where('principal_id', 'in', [...principalIds])
    .execute()
  return apps.map(({ app_id }) => app_id)
}

export function mayAdminister(caller: Caller, appId: string): boolean {
  return caller.admin || caller.adminOf.includes(appId)
}
