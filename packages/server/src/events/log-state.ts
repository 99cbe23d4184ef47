import { type LogRead, logCheckpoint } from '@keyhook/contract/api/event.ts'
import type { Context } from '../context.ts'
import { genesis } from './event-chain.ts'
import type { LogKeys } from './log-keys.ts'

/** Where the log stands. */
export async function readLog({ db }: Pick<Context, 'db'>, { publicKey }: LogKeys): Promise<LogRead> {
  const head = await db.selectFrom('log_head').selectAll().executeTakeFirstOrThrow()
  const rows = await db
    .selectFrom('log_checkpoints')
    .select('checkpoint')
    .orderBy('position', 'desc')
    .limit(1_000)
    .execute()
  const first = Number(head.first_position)
  return {
    first_position: first,
    position: Number(head.position),
    head: head.hash,
    public_key: publicKey,
    checkpoints: rows.map(({ checkpoint }) => logCheckpoint.parse(checkpoint)),
    ...(first === 1 ? { before: { ...genesis }, cut: null } : await attestedEnd(db, first - 1)),
  }
}

/** What was dropped ended with a checkpoint, which tells the hash that the first entry left follows. */
async function attestedEnd(db: Context['db'], position: number): Promise<Pick<LogRead, 'before' | 'cut'>> {
  const row = await db
    .selectFrom('log_checkpoints')
    .select('checkpoint')
    .where('position', '=', String(position))
    .executeTakeFirst()
  // Without one nothing fits: the verification says that it is missing.
  const cut = row ? logCheckpoint.parse(row.checkpoint) : null
  return { before: { position, hash: cut?.head ?? '' }, cut }
}
