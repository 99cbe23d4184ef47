/**
 * The circuit breakers of all webhooks. Counting happens in memory; what is open is kept in the database, so that it
 * stays open after a restart, other processes follow, and one click closes it everywhere.
 */
import type { CircuitBreakerSetting, CircuitRead } from '@keyhook/contract/api/webhook-settings.ts'
import { failureLabels } from '@keyhook/contract/failure.ts'
import type { Outcome } from '@keyhook/contract/outcome.ts'
import type { Context } from '../context.ts'
import { type Actor, system } from '../events/event.ts'
import {
  admits,
  afterCall,
  afterProbe,
  type Circuit,
  closedCircuit,
  judge,
  type OpenCircuit,
  probeGone,
  probing,
} from './circuit-breaker.ts'
import { deleteCircuit, findCircuits, saveCircuit } from './circuit-store.ts'

/** A delivery that was let through; ends with `release`, after any number of `record`. */
export type Admission = {
  readonly webhookId: string
  readonly settings: CircuitBreakerSetting
  /** When it became the probe; null for a usual delivery. */
  readonly probeSince: number | null
}

export type Circuits = {
  /** What `admit` would do; changes nothing. */
  look(webhookId: string): { readonly admits: 'normal' | 'probe' } | { readonly refused: string }
  /** `refused`: why not, in sentences. */
  admit(webhookId: string, settings: CircuitBreakerSetting): Admission | { readonly refused: string }
  /** What came of an attempt; `outcome` null: the receiver answers later. */
  record(admission: Admission, outcome: Outcome | null, httpStatus: number | null): void
  /** The delivery is over, or nothing was sent. */
  release(admission: Admission): void
  /** How often it was opened, probed or closed here. */
  changes(webhookId: string): number
  /**
   * As it is stored: takes over what another process opened or closed. `changes` is from before it was read: what has
   * changed here since then is newer.
   */
  adopt(webhookId: string, stored: OpenCircuit | null, changes: number): void
  read(webhookIds: readonly string[]): Promise<Map<string, CircuitRead>>
  /** Closes it, here and everywhere. */
  reset(webhookId: string, actor: Actor): Promise<void>
}

export function createCircuits(ctx: Context): Circuits {
  const circuits = new Map<string, Circuit>()
  /** Opened or closed here and not yet written: what the database says of it is out of date. */
  const unsaved = new Map<string, Promise<void>>()
  const changes = new Map<string, number>()

  function set(webhookId: string, circuit: Circuit): void {
    const before = circuits.get(webhookId) ?? closedCircuit
    if (circuit.kind === 'closed' && circuit.buckets.length === 0) circuits.delete(webhookId)
    else circuits.set(webhookId, circuit)
    if (before.kind === 'closed' && circuit.kind === 'closed') return
    changes.set(webhookId, (changes.get(webhookId) ?? 0) + 1)
    if (before.kind !== circuit.kind) {
      ctx.log.warn({ webhook_id: webhookId, circuit: circuit.kind }, `circuit.${circuit.kind}`)
    }
    const saved = (unsaved.get(webhookId) ?? Promise.resolve())
      .then(() =>
        circuit.kind === 'open'
          ? saveCircuit(ctx, webhookId, circuit)
          : deleteCircuit(ctx, webhookId, system),
      )
      .catch((error: unknown) =>
        ctx.log.warn({ err: error, webhook_id: webhookId }, 'a circuit could not be stored'),
      )
      .finally(() => {
        if (unsaved.get(webhookId) === saved) unsaved.delete(webhookId)
      })
    unsaved.set(webhookId, saved)
  }

  function look(webhookId: string, now: number): ReturnType<Circuits['look']> {
    const circuit = circuits.get(webhookId) ?? closedCircuit
    if (circuit.kind === 'closed') return { admits: 'normal' }
    return admits(circuit, now) === 'probe' ? { admits: 'probe' } : { refused: refusal(circuit, now) }
  }

  return {
    look: (webhookId) => look(webhookId, ctx.clock()),
    admit(webhookId, settings) {
      const now = ctx.clock()
      const seen = look(webhookId, now)
      if ('refused' in seen) return seen
      const circuit = circuits.get(webhookId)
      if (circuit?.kind === 'open') set(webhookId, probing(circuit, now))
      return { webhookId, settings, probeSince: seen.admits === 'probe' ? now : null }
    },
    record({ webhookId, settings, probeSince }, outcome, httpStatus) {
      const verdict = judge(outcome, httpStatus)
      if (verdict === null) return
      const circuit = circuits.get(webhookId) ?? closedCircuit
      const now = ctx.clock()
      if (circuit.kind === 'open') {
        // A call from before it opened says nothing new, nor does a probe that was given up for lost.
        if (probeSince !== null && probeSince === circuit.probingSince)
          set(webhookId, afterProbe(circuit, verdict, now))
        return
      }
      const reason = outcome?.status === 'failed' ? outcome.failure_reason : null
      set(webhookId, afterCall(circuit, settings, verdict, reason, now))
    },
    release({ webhookId, probeSince }) {
      const circuit = circuits.get(webhookId)
      if (probeSince === null || circuit?.kind !== 'open' || circuit.probingSince !== probeSince) return
      set(webhookId, probeGone(circuit))
    },
    changes: (webhookId) => changes.get(webhookId) ?? 0,
    adopt(webhookId, stored, seen) {
      if (unsaved.has(webhookId) || seen !== (changes.get(webhookId) ?? 0)) return
      const circuit = circuits.get(webhookId) ?? closedCircuit
      if (stored) circuits.set(webhookId, stored)
      else if (circuit.kind === 'open') circuits.delete(webhookId)
    },
    async read(webhookIds) {
      // What opened here a moment ago is told as open.
      await Promise.all(webhookIds.map((id) => unsaved.get(id)))
      const stored = await findCircuits(ctx, webhookIds)
      return new Map(webhookIds.map((id) => [id, describe(stored.get(id) ?? null, ctx.clock())]))
    },
    async reset(webhookId, actor) {
      await unsaved.get(webhookId)
      await deleteCircuit(ctx, webhookId, actor)
      circuits.delete(webhookId)
    },
  }
}

export const closedCircuitRead: CircuitRead = {
  state: 'closed',
  since: null,
  reason: null,
  next_probe_at: null,
}

function describe(circuit: OpenCircuit | null, now: number): CircuitRead {
  if (!circuit) return closedCircuitRead
  return {
    state: now >= circuit.probeAt ? 'half_open' : 'open',
    since: new Date(circuit.since).toISOString(),
    reason: reasonOf(circuit),
    next_probe_at: new Date(circuit.probeAt).toISOString(),
  }
}

function reasonOf({ calls, failures, lastReason }: OpenCircuit): string {
  return `${failures} of ${calls} calls failed, the last one with "${failureLabels[lastReason]}".`
}

function refusal(circuit: OpenCircuit, now: number): string {
  const seconds = Math.max(1, Math.ceil((circuit.probeAt - now) / 1000))
  const next =
    now >= circuit.probeAt ? 'One delivery is finding out just now.' : `The next try is in ${seconds} s.`
  return `Nothing was sent: the endpoint is resting since ${new Date(circuit.since).toISOString()}, because ${reasonOf(circuit)} ${next}`
}
