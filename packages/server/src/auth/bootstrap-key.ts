import type { Context } from '../context.ts'
import { insertApiKey } from './api-key-store.ts'

/** Makes sure that the key of `KEYHOOK_BOOTSTRAP_KEY` works, also when it had been revoked before. */
export async function ensureBootstrapKey(ctx: Context): Promise<void> {
  const key = ctx.config.bootstrapKey
  if (key === null) return
  const row = await insertApiKey(ctx, { key, name: 'KEYHOOK_BOOTSTRAP_KEY', role: 'admin', createdBy: null })
  if (row.revoked_at === null) return
  await ctx.db.updateTable('api_keys').set({ revoked_at: null }).where('id', '=', row.id).execute()
}
