/**
 * Which processes are alive. Work in progress names its process; when the process is dead, others end that work.
 * A process renews its lease; one that stopped renewing is dead. On the same host a dead one is known at once.
 */
import { hostname } from 'node:os'
import type { Clock } from '../lib/clock.ts'
import { newId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import type { Database } from './open.ts'

/** A process that has not renewed for this long counts as dead. Renewed five times within it. */
export const leaseMs = 15_000

/** Leases of this very process, so that its own pid is not taken for a dead predecessor's. */
const heldHere = new Set<string>()

export type ProcessLease = {
  readonly id: string
  /**
   * Whether the lease was renewed in time for so long that whoever has not renewed theirs is dead. After an outage of the
   * database all are late, and each gets the time to come back and to store what it knows.
   */
  isSteady(): boolean
  /** Ends the renewal and the lease. */
  release(): Promise<void>
}

/** Registers this process and keeps its lease. */
export async function takeLease(db: Database, clock: Clock, log: Log): Promise<ProcessLease> {
  const id = newId('prc', clock())
  heldHere.add(id)
  const expires = () => new Date(clock() + leaseMs)
  const renewals = watchRenewals(clock)
  await db
    .insertInto('processes')
    .values({ id, host: hostname(), pid: process.pid, expires_at: expires() })
    .execute()
  const renew = () =>
    db
      .insertInto('processes')
      .values({ id, host: hostname(), pid: process.pid, expires_at: expires() })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ expires_at: expires() }))
      .execute()
      .then(renewals.renewed)
      .catch((error: unknown) => log.warn({ err: error }, 'the process lease could not be renewed'))
  const timer = setInterval(renew, leaseMs / 5).unref()
  return {
    id,
    isSteady: renewals.isSteady,
    async release() {
      clearInterval(timer)
      heldHere.delete(id)
      await db.deleteFrom('processes').where('id', '=', id).execute()
    },
  }
}

/** Whether renewals come in time. At the beginning they count as such. */
export function watchRenewals(clock: Clock): { renewed(): void; isSteady(): boolean } {
  let last = clock()
  let inTimeSince = Number.NEGATIVE_INFINITY
  const isLate = () => clock() - last > leaseMs / 2
  return {
    renewed() {
      if (isLate()) inTimeSince = clock()
      last = clock()
    },
    isSteady: () => !isLate() && clock() - inTimeSince > leaseMs,
  }
}

/** Removes the processes that are dead and returns how many there were. The one of `lease` is never one of them. */
export async function removeDeadProcesses(
  db: Database,
  clock: Clock,
  lease: Pick<ProcessLease, 'id' | 'isSteady'>,
): Promise<number> {
  const others = await db.selectFrom('processes').selectAll().where('id', '!=', lease.id).execute()
  const hasRunOut = (other: { expires_at: Date }) => lease.isSteady() && other.expires_at.getTime() < clock()
  const dead = others.filter((other) => hasRunOut(other) || diedHere(other))
  if (dead.length === 0) return 0
  await db
    .deleteFrom('processes')
    .where(
      'id',
      'in',
      dead.map((other) => other.id),
    )
    .execute()
  return dead.length
}

function diedHere(other: { id: string; host: string; pid: number }): boolean {
  if (other.host !== hostname() || heldHere.has(other.id)) return false
  // The pid of a dead predecessor may be ours: containers start with the same one each time.
  if (other.pid === process.pid) return true
  try {
    process.kill(other.pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
