/** The parts that deliver, put together. */
import { type Circuits, createCircuits } from '../circuit/circuits.ts'
import { createSlots } from '../circuit/slots.ts'
import { type Conditions, createConditions } from '../conditions/conditions.ts'
import type { Context } from '../context.ts'
import { installationSecret } from '../db/installation-secret.ts'
import { createEndpointAuth, type EndpointAuth } from '../endpoint-auth/endpoint-auth.ts'
import { createWebhookCache, type WebhookCache } from '../webhooks/webhook-cache.ts'
import { type CallbackTokens, createCallbackTokens } from './callback-token.ts'
import { createDispatcher, type Dispatcher } from './deliver.ts'
import { createDeliveryWaits, type DeliveryWaits } from './delivery-waits.ts'
import { keepHouse, recoverAbandoned } from './housekeeping.ts'
import { type RetryQueue, startRetryQueue } from './retry-queue.ts'

export type Engine = {
  readonly webhooks: WebhookCache
  readonly circuits: Circuits
  readonly conditions: Conditions
  readonly callbackTokens: CallbackTokens
  readonly dispatcher: Dispatcher
  readonly endpointAuth: EndpointAuth
  readonly waits: DeliveryWaits
  readonly retryQueue: RetryQueue
  /** Takes no more work of its own; what is under way goes on. */
  close(): void
}

/** Starts the engine: first of all what dead processes left behind is ended or taken over. */
export async function startEngine(ctx: Context): Promise<Engine> {
  const circuits = createCircuits(ctx)
  const conditions = createConditions()
  const webhooks = createWebhookCache(ctx, circuits)
  const callbackTokens = createCallbackTokens(await installationSecret(ctx.db, ctx.secretBox, 'callback_key'))
  const endpointAuth = createEndpointAuth(ctx.egress, ctx.clock)
  const slots = createSlots()
  const dispatcher = createDispatcher(ctx, { circuits, conditions, callbackTokens, slots, endpointAuth })
  const retryQueue = startRetryQueue(ctx, { webhooks, slots, dispatcher })
  await recoverAbandoned(ctx, retryQueue)
  const stopHousekeeping = keepHouse(ctx, retryQueue)
  return {
    webhooks,
    circuits,
    conditions,
    callbackTokens,
    dispatcher,
    endpointAuth,
    waits: createDeliveryWaits(ctx),
    retryQueue,
    close() {
      stopHousekeeping()
      retryQueue.close()
    },
  }
}
