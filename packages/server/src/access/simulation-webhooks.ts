/** Webhooks in a simulation: asked by a test delivery, or their answer assumed. */
import type { Simulate, SimulationStep } from '@keyhook/contract/api/chain.ts'
import { addEnvelope } from '@keyhook/contract/payload-envelope.ts'
import type { Context } from '../context.ts'
import type { Engine } from '../deliveries/engine.ts'
import type { Actor } from '../events/event.ts'
import { newId } from '../lib/ids.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import { listed } from './chain-words.ts'
import { verdictOf } from './request-calls.ts'
import type { Call, CallKind, Verdict } from './request-state.ts'
import type { Asked } from './simulation.ts'
import { told } from './simulation-words.ts'

/** All webhooks of one simulation together are waited for as long as this. */
const patienceMs = 60_000

export type AskParts = {
  ctx: Context
  engine: Engine
  mode: Simulate['webhooks']
  /** Who simulates. */
  actor: Actor
  payloadOf(kind: CallKind, call: Call): Readonly<Record<string, unknown>>
  permissionName(id: string): string
}

const stepKinds = {
  request_validation: 'validation',
  pre_approval: 'pre_approval',
  provisioning: 'provisioning',
  deprovisioning: 'deprovisioning',
} as const satisfies Record<CallKind, SimulationStep['kind']>

/** Those that change something at the receiver are never asked here: not every receiver looks at `test`. */
const mayBeAsked: readonly CallKind[] = ['request_validation', 'pre_approval']

export function createAsk({ ctx, engine, mode, actor, payloadOf, permissionName }: AskParts) {
  const startedAt = performance.now()

  async function send(webhook: Webhook, payload: Readonly<Record<string, unknown>>): Promise<Verdict | null> {
    const leftMs = patienceMs - (performance.now() - startedAt)
    if (leftMs <= 0) return failed('timeout', 'It was not asked: the webhooks before it took too long.')
    const delivered = await engine.dispatcher.deliver({
      test: true,
      target: webhook,
      webhookId: webhook.id,
      payload,
      traceparent: undefined,
      patienceMs: leftMs,
      idempotencyKey: null,
      actor,
    })
    // Without an end it waits for a late answer.
    return delivered?.delivery.finished_at ? verdictOf(delivered.delivery) : null
  }

  return async (kind: CallKind, call: Call): Promise<Asked> => {
    const at = stepKinds[kind]
    const webhook = await engine.webhooks.find(call.webhookId)
    if (!webhook) {
      const verdict = failed('webhook_disabled', null)
      return { verdict, step: told(at, 'The webhook was deleted, so it fails.', 'failed') }
    }
    const { id, name } = webhook
    const payload = payloadOf(kind, call)
    const refused = refusal(ctx, engine, webhook, payload)
    const more = { webhook: { id, name } }
    if (refused) {
      const result = refused.verdict.kind === 'skipped' ? 'skipped' : 'failed'
      return { verdict: refused.verdict, step: told(at, `“${name}” ${refused.text}`, result, more) }
    }
    const about = mayBeAsked.includes(kind)
      ? ''
      : ` to ${giving(kind)} ${listed(call.permissionIds.map(permissionName))}`
    if (mode !== 'ask' || !mayBeAsked.includes(kind)) {
      const no = mode === 'assume_no'
      const text = `“${name}” would be asked${about}; its answer is assumed: ${no ? 'no' : 'yes'}.`
      return { verdict: assumed(no ? 'no' : 'yes'), step: told(at, text, 'assumed', more) }
    }
    const verdict = await send(webhook, payload)
    if (verdict === null) {
      const text = `“${name}” will answer later; yes is assumed.`
      return { verdict: assumed('yes'), step: told(at, text, 'assumed', more) }
    }
    const { kind: result, message, deliveryId, failureReason } = verdict
    const text = {
      yes: 'said yes.',
      no: 'said no.',
      skipped: 'was skipped.',
      failed: `failed (${failureReason}).`,
    }[result]
    return {
      verdict,
      step: told(at, `“${name}” ${text}`, result, { ...more, message, delivery_id: deliveryId }),
    }
  }
}

function giving(kind: CallKind): string {
  return kind === 'provisioning' ? 'give' : 'remove'
}

function assumed(kind: 'yes' | 'no'): Verdict {
  return { kind, message: null, failureReason: null, deliveryId: null }
}

function failed(failureReason: Verdict['failureReason'], message: string | null): Verdict {
  return { kind: 'failed', message, failureReason, deliveryId: null }
}

/** What a real delivery would not be sent for; null when it would be. Tests do not come by this by themselves. */
function refusal(
  { clock }: Context,
  { conditions }: Engine,
  { enabled, type, settings }: Webhook,
  payload: Readonly<Record<string, unknown>>,
): { verdict: Verdict; text: string } | null {
  if (!enabled) return { verdict: failed('webhook_disabled', null), text: 'is disabled, so it fails.' }
  if (settings.condition === null) return null
  const now = clock()
  const envelope = {
    webhook_type: type,
    delivery_id: newId('dlv', now),
    test: false,
    sent_at: new Date(now).toISOString(),
  }
  const sent = addEnvelope(payload, envelope, { overrideTest: false })
  const evaluated = conditions.evaluate(settings.condition, sent)
  if (!evaluated.ok)
    return {
      verdict: failed('condition_failed', evaluated.detail),
      text: `fails: its condition could not be evaluated. ${evaluated.detail}`,
    }
  if (evaluated.holds) return null
  return {
    verdict: { ...assumed('no'), kind: 'skipped' },
    text: `is skipped: its condition \`${settings.condition}\` does not hold.`,
  }
}
