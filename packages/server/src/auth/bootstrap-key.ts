import type { Context } from '../context.ts'
import { system } from '../events/event.ts'
import { insertApiKey, restoreApiKey } from './api-key-store.ts'

/** Makes sure that the key of `KEYHOOK_BOOTSTRAP_KEY` works, also when it had been revoked before. */
export async function ensureBootstrapKey(ctx: Context): Promise<void> {
  const key = ctx.config.bootstrapKey
  if (key === null) return
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (tx) => {
    const wanted = { key, name: 'KEYHOOK_BOOTSTRAP_KEY', role: 'admin', createdBy: null } as const
    const row = await insertApiKey(tx, now, wanted, system)
    if (row.revoked_at !== null) await restoreApiKey(tx, now, row, system)
  })
}
