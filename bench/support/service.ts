import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { envToConfig, readEnv } from '../../packages/server/src/config.ts'
import type { Context } from '../../packages/server/src/context.ts'
import { startService } from '../../packages/server/src/service.ts'

export type BenchService = { readonly ctx: Context; stop(): Promise<void> }

/** The whole product in the process of the bench, for what is measured below the API. */
export async function startInProcess(databaseUrl: string): Promise<BenchService> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'keyhook-bench-'))
  const env = {
    PORT: '0',
    KEYHOOK_DATA_DIR: dataDir,
    KEYHOOK_SANDBOX: 'false',
    LOG_LEVEL: 'error',
    DATABASE_URL: databaseUrl,
  }
  const service = await startService(envToConfig(readEnv(env)))
  return {
    ctx: service.ctx,
    async stop() {
      await service.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
