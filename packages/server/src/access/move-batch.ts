/**
 * The moves of several requests in one transaction: they are locked and read together, each is worked out by itself, and
 * what they want written is written together. A move that is refused keeps no other from being made.
 */
import type { Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { claimKeys } from '../http/idempotency.ts'
import { notFound } from '../lib/problem-error.ts'
import { moveFacts } from './move-facts.ts'
import { writeMoves } from './move-flush.ts'
import type { Asked, Job, JobDone } from './move-job.ts'
import { type MoveParts, moveWork, submitWork } from './move-work.ts'
import { joinWrites } from './move-writes.ts'
import { callPayload } from './payload-parts.ts'
import { alreadyRequested } from './request-conflicts.ts'
import type { Taken } from './request-opening.ts'
import { permissionsOf } from './request-plans.ts'
import { lockRequests, type RequestRow } from './request-store.ts'
import type { Work } from './work.ts'

/** One of several moves needs a transaction of its own to be given up: all of them are to be made one by one. */
export class OneByOne extends Error {
  override name = 'OneByOne'
}

/** What became of one job: refused, nothing to do, or something to write. */
type Worked =
  | { type: 'refused'; error: unknown }
  | { type: 'same'; request: RequestRow }
  | { type: 'work'; work: Work; before: RequestRow | null; job: Job }

/** Each request is moved by one job at most. Throws, for a single job, what has to undo what it has written. */
export async function runJobs(
  tx: Transaction<Tables>,
  parts: MoveParts,
  jobs: readonly Job[],
): Promise<JobDone[]> {
  const moves = jobs.filter((job) => job.type === 'move')
  const locked = await lockRequests(
    tx,
    moves.map(({ requestId }) => requestId),
  )
  const facts = await moveFacts(tx, {
    locked,
    fresh: jobs.flatMap((job) => (job.type === 'submit' ? [job.wanted] : [])),
    callIds: moves.flatMap(({ options }) => options.callId ?? []),
    now: parts.now,
  })

  async function workOut(job: Job): Promise<Worked> {
    if (job.type === 'submit')
      return { type: 'work', work: await submitWork(parts, facts, job), before: null, job }
    const before = locked.find(({ id }) => id === job.requestId)
    if (!before) throw notFound('access request')
    const { callId } = job.options
    const work =
      callId === undefined || facts.wasOpen(callId) ? await moveWork(parts, facts, before, job) : null
    return work ? { type: 'work', work, before, job } : { type: 'same', request: before }
  }
  const worked: Worked[] = []
  for (const job of jobs)
    worked.push(await workOut(job).catch((error: unknown) => ({ type: 'refused' as const, error })))

  const toWrite = worked.filter((one) => one.type === 'work')
  if (!(await claim(tx, toWrite))) {
    if (jobs.length > 1) throw new OneByOne()
    return [{ type: 'key_taken' }]
  }
  const taken = await writeMoves(tx, parts.now, {
    fresh: toWrite.flatMap(({ work, before }) => (before ? [] : [work.request])),
    changes: toWrite.flatMap(({ work, before }) => (before ? [{ before, after: work.request }] : [])),
    writes: joinWrites(toWrite.map(({ work }) => work.writes)),
  })
  if (taken) throw refusal(toWrite, taken)
  return worked.map((one) => {
    if (one.type === 'refused') return one
    if (one.type === 'same') return { type: 'done', request: one.request, asked: [] }
    return { type: 'done', request: one.work.request, asked: askedBy(parts, one.work) }
  })
}

type ToWrite = readonly Extract<Worked, { type: 'work' }>[]

/** False when one of the keys is taken, and then none was. */
function claim(tx: Transaction<Tables>, toWrite: ToWrite): Promise<boolean> {
  return claimKeys(
    tx,
    toWrite.flatMap(({ job, work }) =>
      job.type === 'submit' && job.options.key ? [{ ...job.options.key, resultId: work.request.id }] : [],
    ),
  )
}

/** Why all of it is given up. */
function refusal(toWrite: ToWrite, { permissionId, requestId }: Taken): Error {
  const [only] = toWrite
  if (toWrite.length > 1 || !only) return new OneByOne()
  const [permission] = permissionsOf(only.work.setup, [permissionId])
  return alreadyRequested(permission?.label ?? permissionId, requestId)
}

function askedBy({ now, taskUrl }: MoveParts, { request, setup, people, grants, writes }: Work): Asked[] {
  const about = { request, setup, ...people, grants: [...grants, ...writes.grants] }
  const moment = { now, taskUrl: taskUrl(request.id) }
  return writes.calls.map((call) => ({ call, payload: callPayload(about, call, moment) }))
}
