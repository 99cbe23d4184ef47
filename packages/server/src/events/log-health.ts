/** Whether what happens gets into the log, for `/readyz`. */
import { statfs } from 'node:fs/promises'
import type { Context } from '../context.ts'
import { timeOfId } from '../lib/ids.ts'
import type { EventLog } from './log.ts'

/** Entries may wait so long for their place, and numbering may fail for so long. */
const patienceMs = 30_000
/** A disk of which a write said that it is full is believed to be so for this long. */
const fullMs = 30_000
/** With less, the next write may be the one that fails. */
const leastBytes = 1_048_576

/** A sentence for operators; null when all is well. */
export async function troubleOfLog(ctx: Context, log: EventLog): Promise<string | null> {
  const now = ctx.clock()
  if (await isFull(ctx)) return 'The disk is full. Nothing new is stored until there is room.'
  const failingSince = log.failingSince()
  if (failingSince !== null && now - failingSince > patienceMs)
    return `Entries of the activity log could not be numbered since ${new Date(failingSince).toISOString()}.`
  const waiting = await oldestWaiting(ctx)
  if (waiting !== null && now - waiting.getTime() > patienceMs)
    return `Entries of the activity log wait for their place since ${waiting.toISOString()}.`
  return null
}

async function isFull({ config, database }: Context): Promise<boolean> {
  const at = database.diskFullAt()
  if (at !== null && Date.now() - at < fullMs) return true
  // PostgreSQL has a disk of its own; here are keys, checkpoints and archives.
  const { bavail, bsize } = await statfs(config.dataDir)
  return bavail * bsize < leastBytes
}

/** Since when the oldest entry without a place waits for one. */
export async function oldestWaiting({ db }: Pick<Context, 'db'>): Promise<Date | null> {
  const oldest = await db.selectFrom('event_inbox').select('id').orderBy('seq').limit(1).executeTakeFirst()
  return oldest ? timeOfId(oldest.id) : null
}
