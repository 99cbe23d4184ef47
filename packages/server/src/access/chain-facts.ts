/** What the picture of a chain has to know beside the app itself. */
import type { PrincipalRef } from '@keyhook/contract/api/access-parts.ts'
import type { WebhookRef } from '@keyhook/contract/api/chain.ts'
import type { Kysely } from 'kysely'
import type { AppSetup } from '../apps/app-store.ts'
import { wantOneEach } from '../apps/attached-webhooks.ts'
import { findPrincipals } from '../apps/people.ts'
import type { Tables } from '../db/schema.ts'
import type { Approvers } from './approvers.ts'
import { approversOf } from './directory-facts.ts'

export type ChainFacts = {
  /** Those that are attached and were not deleted. */
  webhooks: ReadonlyMap<string, WebhookRef>
  /** Users and groups that the app names; those that are gone are not here. */
  principals: ReadonlyMap<string, PrincipalRef>
  approvers: Approvers
  /** Webhooks that want one delivery for each permission. */
  oneEach: ReadonlySet<string>
}

export async function chainFacts(db: Kysely<Tables>, setup: AppSetup): Promise<ChainFacts> {
  const { app, permissions, rules, adminIds } = setup
  const steps = [...app.settings.approvers, ...permissions.flatMap(({ approvers }) => approvers ?? [])]
  const named = [
    ...adminIds,
    ...(app.settings.visible_to ?? []),
    ...steps.flatMap((step) => step.principal_ids),
    ...rules.flatMap(({ settings }) => [...settings.user_ids, ...settings.group_ids]),
  ]
  return {
    webhooks: await findWebhooks(db, webhookIdsOf(setup)),
    principals: await findPrincipals(db, named),
    approvers: await approversOf(db, setup, { requesterId: '', targetId: '' }),
    oneEach: await wantOneEach(db, setup),
  }
}

/** Every webhook that an app, its permissions and its rules name. */
export function webhookIdsOf({ app, permissions, rules }: AppSetup): string[] {
  const attached = [app.settings.webhooks, ...permissions.map(({ webhooks }) => webhooks)].flatMap((places) =>
    Object.values(places).flatMap((place) => place?.webhook_id ?? []),
  )
  return [...new Set([...attached, ...rules.flatMap(({ settings }) => settings.webhook_ids)])]
}

async function findWebhooks(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, WebhookRef>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('webhooks')
    .select(['id', 'name', 'enabled', 'settings'])
    .where('id', 'in', [...ids])
    .where('archived_at', 'is', null)
    .execute()
  return new Map(
    rows.map(({ id, name, enabled, settings }) => [
      id,
      { id, name, enabled, condition: settings.condition ?? null },
    ]),
  )
}
