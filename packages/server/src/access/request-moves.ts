/**
 * Moves of requests as transactions: the state, its log entries, tasks, grants and the webhooks to be asked are committed
 * together, so that a crash at any point leaves either all of a move or nothing. Moves of several requests at the same
 * moment share a commit.
 */
import type { Conditions } from '../conditions/conditions.ts'
import type { Context } from '../context.ts'
import { createBatcher } from '../db/batcher.ts'
import { runJobs } from './move-batch.ts'
import type { Asked, Job, JobDone, MakeEvent, MakeRequest, MoveOptions, SubmitOptions } from './move-job.ts'
import type { FactsWanted } from './request-facts.ts'
import type { RequestRow } from './request-store.ts'

export type { MoveOptions } from './move-job.ts'

export type Moves = {
  /**
   * The new request that `make` gives for how its app and people are now; its webhooks are asked after the commit. null:
   * the idempotency key led to another one already. Throws what `make` throws, and 409 when one of its permissions is
   * asked for already.
   */
  submit(wanted: FactsWanted, make: MakeRequest, options: SubmitOptions): Promise<RequestRow | null>
  /**
   * Moves a request by the event that `make` gives for its state now; null: nothing is to be done. Throws 404, and 409
   * with the state and what is allowed when the move is illegal.
   */
  move(requestId: string, make: MakeEvent, options?: MoveOptions): Promise<RequestRow>
}

export type MovesParts = {
  conditions: Conditions
  /** Keeps calls from being taken for some that nobody carries out. */
  reserve(callIds: readonly string[]): void
  release(callIds: readonly string[]): void
  run(asked: readonly Asked[]): void
  moved(request: RequestRow): void
}

const mostAtOnce = 64

export function createMoves(ctx: Context, parts: MovesParts): Moves {
  const taskUrl = (id: string) => `${ctx.baseUrl()}/requests/${id}`
  const { conditions } = parts

  /** In one transaction; the webhooks that the moves want asked are asked once it is committed. */
  async function commit(jobs: readonly Job[]): Promise<JobDone[]> {
    let callIds: string[] = []
    try {
      const done = await ctx.db.transaction().execute(async (tx) => {
        const moveParts = { conditions, processId: ctx.lease.id, taskUrl, now: ctx.clock() }
        const results = await runJobs(tx, moveParts, jobs)
        callIds = askedIn(results).map(({ call }) => call.id)
        parts.reserve(callIds)
        return results
      })
      parts.run(askedIn(done))
      for (const one of done) if (one.type === 'done') parts.moved(one.request)
      return done
    } catch (error) {
      parts.release(callIds)
      throw error
    }
  }

  /** When they cannot be made together each is made by itself, and only those that fail then have failed. */
  async function commitAll(jobs: Job[]): Promise<JobDone[]> {
    if (jobs.length > 1) {
      const together = await commit(jobs).catch(() => null)
      if (together) return together
    }
    const done: JobDone[] = []
    for (const job of jobs)
      done.push(
        await commit([job]).then(
          ([one]) => one as JobDone,
          (error: unknown): JobDone => ({ type: 'refused', error }),
        ),
      )
    return done
  }

  const batcher = createBatcher<Job, JobDone>(async (jobs) => {
    const done = new Map<Job, JobDone>()
    for (const wave of waves(jobs)) {
      const results = await commitAll(wave)
      for (const [index, job] of wave.entries()) done.set(job, results[index] as JobDone)
    }
    return jobs.map((job) => done.get(job) as JobDone)
  }, mostAtOnce)

  async function run(job: Job): Promise<RequestRow | null> {
    const done = await batcher.add(job)
    if (done.type === 'refused') throw done.error
    return done.type === 'done' ? done.request : null
  }

  return {
    submit: (wanted, make, options) => run({ type: 'submit', wanted, make, options }),
    async move(requestId, make, options = {}) {
      const request = await run({ type: 'move', requestId, make, options })
      if (!request) throw new Error(`request ${requestId}: a move has no key`)
      return request
    },
  }
}

function askedIn(done: readonly JobDone[]): Asked[] {
  return done.flatMap((one) => (one.type === 'done' ? one.asked : []))
}

/** In their order, so that no request is moved twice in one wave. */
function waves(jobs: readonly Job[]): Job[][] {
  const found: { ids: Set<string>; jobs: Job[] }[] = []
  for (const job of jobs) {
    const id = job.type === 'move' ? job.requestId : null
    const first = id === null ? 0 : found.findLastIndex(({ ids }) => ids.has(id)) + 1
    const wave = found[first] ?? { ids: new Set<string>(), jobs: [] }
    found[first] = wave
    wave.jobs.push(job)
    if (id !== null) wave.ids.add(id)
  }
  return found.map(({ jobs: all }) => all)
}
