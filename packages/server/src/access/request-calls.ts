/**
 * Asks the webhooks that requests wait for. A call is written with the move that wants it and is done with the move that
 * its answer makes; what a dead process left open is taken over. The delivery has the id of the call, so that it is known
 * whether it was begun: it is never sent twice by itself.
 */
import type { Context } from '../context.ts'
import type { Engine } from '../deliveries/engine.ts'
import { system } from '../events/event.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { composePayload } from './call-payload.ts'
import type { Asked } from './move-job.ts'
import type { Moves } from './request-moves.ts'
import type { RequestEvent, Verdict } from './request-state.ts'
import type { CallRow } from './request-store.ts'

const lookEveryMs = 1_000
const mostAtOnce = 500

/** An open call whose delivery has ended, or was not begun. */
type Unsettled = CallRow & { alive: string | null; delivery_id: string | null; outcome: unknown }

export type Calls = {
  reserve(callIds: readonly string[]): void
  release(callIds: readonly string[]): void
  run(asked: readonly Asked[]): void
  /** Begins to look after calls of dead processes and late answers. */
  start(moves: Moves): void
  close(): void
}

export function createCalls(ctx: Context, engine: Engine): Calls {
  /** Calls that this process carries out at this moment. */
  const mine = new Set<string>()
  let moves: Moves | null = null
  let timer: NodeJS.Timeout | null = null
  let unsubscribe = () => {}
  let looking = false

  async function ask({ call, payload }: Asked | { call: CallRow; payload: null }): Promise<void> {
    const webhook = await engine.webhooks.find(call.webhook_id).catch(whyUnreadable)
    if (!webhook) return settle(call, { ...gone, deliveryId: null })
    if (typeof webhook === 'string') return settle(call, unreadable(webhook))
    const delivered = await engine.dispatcher.deliver({
      id: call.id,
      test: false,
      target: webhook,
      webhookId: webhook.id,
      payload: payload ?? (await composePayload(ctx, call)),
      traceparent: undefined,
      patienceMs: null,
      idempotencyKey: null,
      actor: system,
    })
    if (delivered?.delivery.finished_at) await settle(call, verdictOf(delivered.delivery))
  }

  async function settle(call: CallRow, verdict: Verdict): Promise<void> {
    await moves?.move(call.request_id, () => answerOf(call, verdict), { callId: call.id })
  }

  /** Reads what became of open calls that this process does not carry out: of all, or of one. */
  async function look(callId?: string): Promise<void> {
    for (let after = ''; ; ) {
      const open = await unsettled(callId, after)
      await Promise.all(open.map(follow))
      const last = open.at(-1)
      if (!last || open.length < mostAtOnce) return
      after = last.id
    }
  }

  /** Those that wait for their receiver are left to the database: there may be many of them, for weeks. */
  function unsettled(callId: string | undefined, after: string): Promise<Unsettled[]> {
    return ctx.db
      .selectFrom('calls')
      .leftJoin('deliveries', 'deliveries.id', 'calls.id')
      .leftJoin('processes', 'processes.id', 'calls.process_id')
      .selectAll('calls')
      .select(['processes.id as alive', 'deliveries.id as delivery_id', 'deliveries.outcome'])
      .where('calls.done_at', 'is', null)
      .where('calls.id', '>', after)
      .$if(callId !== undefined, (query) => query.where('calls.id', '=', callId as string))
      .where(({ or, eb }) =>
        or([eb('deliveries.finished_at', 'is not', null), eb('deliveries.id', 'is', null)]),
      )
      .orderBy('calls.id')
      .limit(mostAtOnce)
      .execute()
  }

  /** Settles a call whose delivery has ended, and begins one of a dead process that was not. */
  async function follow({ alive, delivery_id, outcome, ...call }: Unsettled): Promise<void> {
    if (mine.has(call.id)) return
    if (delivery_id !== null) return settle(call, verdictOf({ id: call.id, outcome }))
    if (alive === null ? await takeOver(call) : call.process_id === ctx.lease.id)
      begin({ call, payload: null })
  }

  /** Wins the call of a dead process; one process only does. */
  async function takeOver(call: CallRow): Promise<boolean> {
    const { numUpdatedRows } = await ctx.db
      .updateTable('calls')
      .set({ process_id: ctx.lease.id })
      .where('id', '=', call.id)
      .where('process_id', '=', call.process_id)
      .where('done_at', 'is', null)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }

  function unread(error: unknown): void {
    ctx.log.warn({ err: error }, 'open calls could not be read')
  }

  function begin(asked: Parameters<typeof ask>[0]): void {
    const { id } = asked.call
    mine.add(id)
    ask(asked)
      .catch((error: unknown) =>
        ctx.log.warn({ err: error, call_id: id }, 'a webhook could not be asked; it will be tried again'),
      )
      .finally(() => mine.delete(id))
  }

  return {
    reserve(ids) {
      for (const id of ids) mine.add(id)
    },
    release(ids) {
      for (const id of ids) mine.delete(id)
    },
    run(asked) {
      for (const one of asked) begin(one)
    },
    start(given) {
      moves = given
      // Somebody may be waiting for what a late answer decides.
      unsubscribe = engine.waits.subscribe((deliveryId) => {
        look(deliveryId).catch(unread)
      })
      timer = setInterval(() => {
        if (looking || ctx.shutdown.aborted) return
        looking = true
        look()
          .catch(unread)
          .finally(() => {
            looking = false
          })
      }, lookEveryMs)
      timer.unref()
    },
    close() {
      unsubscribe()
      if (timer) clearInterval(timer)
    },
  }
}

/** What is wrong with the stored webhook, in a sentence. */
function whyUnreadable(error: unknown): string {
  if (error instanceof ProblemError) return error.message
  throw error
}

function unreadable(message: string): Verdict {
  return { kind: 'failed', failureReason: 'auth_failed', message, deliveryId: null }
}

const gone = {
  kind: 'failed',
  failureReason: 'webhook_disabled',
  message: 'The webhook was deleted.',
} as const

/** What a delivery's outcome means to the request. */
export function verdictOf({ id, outcome }: { id: string; outcome: unknown }): Verdict {
  const said = (outcome ?? { status: 'failed', failure_reason: 'interrupted', explanation: '' }) as
    | { status: 'succeeded'; decision: boolean | null; message: string | null }
    | { status: 'failed'; failure_reason: Verdict['failureReason']; explanation: string }
    | { status: 'skipped'; explanation: string }
  if (said.status === 'succeeded') {
    const kind = said.decision === true ? 'yes' : 'no'
    return { kind, message: said.message, failureReason: null, deliveryId: id }
  }
  if (said.status === 'skipped')
    return { kind: 'skipped', message: said.explanation, failureReason: null, deliveryId: id }
  return { kind: 'failed', message: said.explanation, failureReason: said.failure_reason, deliveryId: id }
}

const answerTypes = {
  request_validation: 'validation_answered',
  pre_approval: 'pre_approval_answered',
  provisioning: 'provisioning_answered',
  deprovisioning: 'deprovisioning_answered',
} as const

function answerOf({ kind, key }: CallRow, verdict: Verdict): RequestEvent {
  return { type: answerTypes[kind], key, verdict }
}
