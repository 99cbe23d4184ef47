/**
 * Asks the webhooks that requests wait for. A call is written with the move that wants it and is done with the move that
 * its answer makes; what a dead process left open is taken over. The delivery has the id of the call, so that it is known
 * whether it was begun: it is never sent twice by itself.
 */
import type { Context } from '../context.ts'
import type { Engine } from '../deliveries/engine.ts'
import { system } from '../events/event.ts'
import { composePayload } from './call-payload.ts'
import type { Asked } from './move-job.ts'
import type { Moves } from './request-moves.ts'
import type { RequestEvent, Verdict } from './request-state.ts'
import type { CallRow } from './request-store.ts'

const lookEveryMs = 1_000
const mostAtOnce = 500

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
  let looking = false

  async function ask({ call, payload }: Asked | { call: CallRow; payload: null }): Promise<void> {
    const webhook = await engine.webhooks.find(call.webhook_id)
    if (!webhook) return settle(call, { ...gone, deliveryId: null })
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

  /** Reads what became of open calls that this process does not carry out. */
  async function look(): Promise<void> {
    const open = await ctx.db
      .selectFrom('calls')
      .leftJoin('deliveries', 'deliveries.id', 'calls.id')
      .leftJoin('processes', 'processes.id', 'calls.process_id')
      .selectAll('calls')
      .select([
        'processes.id as alive',
        'deliveries.id as delivery_id',
        'deliveries.status as delivery_status',
        'deliveries.finished_at',
        'deliveries.outcome',
      ])
      .where('calls.done_at', 'is', null)
      .orderBy('calls.id')
      .limit(mostAtOnce)
      .execute()
    for (const found of open) {
      const { delivery_id, delivery_status, finished_at, outcome, alive, ...call } = found
      if (mine.has(call.id)) continue
      if (delivery_id !== null) {
        if (finished_at && delivery_status) await settle(call, verdictOf({ id: call.id, outcome }))
        continue
      }
      if (alive === null ? await takeOver(call) : call.process_id === ctx.lease.id)
        begin({ call, payload: null })
    }
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
      timer = setInterval(() => {
        if (looking || ctx.shutdown.aborted) return
        looking = true
        look()
          .catch((error: unknown) => ctx.log.warn({ err: error }, 'open calls could not be read'))
          .finally(() => {
            looking = false
          })
      }, lookEveryMs)
      timer.unref()
    },
    close() {
      if (timer) clearInterval(timer)
    },
  }
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
