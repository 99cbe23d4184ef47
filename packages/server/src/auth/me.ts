import type { MeRead } from '@keyhook/contract/api/access.ts'
import type { Context } from '../context.ts'
import type { Principal } from '../http/principal.ts'

/** The caller with what the console shows them by. */
export async function readMe(ctx: Pick<Context, 'db'>, principal: Principal): Promise<MeRead> {
  return { ...principal, app_admin_of: await appsAdministeredBy(ctx, principal) }
}

/** Apps that name the person, or a group that the person is in, as app admin. */
async function appsAdministeredBy({ db }: Pick<Context, 'db'>, { kind, id }: Principal): Promise<string[]> {
  if (kind !== 'session') return []
  const rows = await db
    .selectFrom('app_admins')
    .innerJoin('apps', 'apps.id', 'app_admins.app_id')
    .select('apps.id')
    .distinct()
    .where('archived_at', 'is', null)
    .where((where) =>
      where.or([
        where('principal_id', '=', id),
        where(
          'principal_id',
          'in',
          where.selectFrom('group_members').select('group_id').where('user_id', '=', id),
        ),
      ]),
    )
    .orderBy('apps.id')
    .execute()
  return rows.map((row) => row.id)
}
