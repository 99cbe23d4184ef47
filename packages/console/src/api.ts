import type { ApiKeyCreated, ApiKeyRead, MeRead, SetupRequest } from '@keyhook/contract/api/access.ts'
import type { ConditionPreviewRead } from '@keyhook/contract/api/condition.ts'
import type {
  BulkRetry,
  BulkRetryRead,
  DeliveryDetail,
  DeliveryRead,
  DeliverySummary,
} from '@keyhook/contract/api/delivery.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { SandboxRead } from '@keyhook/contract/api/sandbox.ts'
import type { ServerRead } from '@keyhook/contract/api/server.ts'
import type {
  WebhookChange,
  WebhookCreated,
  WebhookDraft,
  WebhookRead,
} from '@keyhook/contract/api/webhook.ts'
import type { WebhookStats } from '@keyhook/contract/api/webhook-stats.ts'
import type { StatsWindow } from '@keyhook/contract/stats-window.ts'
import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import { call, type Search } from './http.ts'

export const base = '/api/v1'

/** Something that can be read: its address is also its query key, so that no key is written by hand. */
export type Read<Value> = { readonly path: string; readonly search: Search; readonly value?: Value }

export function read<Value>(path: string, search: Search = {}): Read<Value> {
  return { path, search }
}

export type Payload = Record<string, unknown>
/** A webhook as a form sends it: without a time limit, the server takes its default. */
export type DraftBody = Omit<WebhookDraft, 'time_limit_ms'> & { time_limit_ms?: number }
export type UnsavedTest = { webhook: DraftBody; webhook_id?: string; payload?: Payload }
export type Credentials = { email: string; password: string }

/** What the console reads. Each goes through `query()` in query.ts. */
export const api = {
  setupView: () => read<{ required: boolean }>('/setup'),
  me: () => read<MeRead>('/me'),
  serverView: () => read<ServerRead>('/server'),
  webhookList: (search: Search = {}) => read<Page<WebhookRead>>('/webhooks', search),
  webhookView: (id: string) => read<WebhookRead>(`/webhooks/${encodeURIComponent(id)}`),
  webhookStats: (id: string, window: StatsWindow) =>
    read<WebhookStats>(`/webhooks/${encodeURIComponent(id)}/stats`, { window }),
  deliveryList: (search: Search = {}) => read<Page<DeliverySummary>>('/deliveries', search),
  deliveryView: (id: string) => read<DeliveryDetail>(`/deliveries/${encodeURIComponent(id)}`),
  apiKeyList: (search: Search = {}) => read<Page<ApiKeyRead>>('/api-keys', search),
  sandboxView: () => read<SandboxRead>('/sandbox'),
}

/** Fetches a read: the value, and the `ETag` to send back as `If-Match` with a change. */
export async function fetchRead<Value>(what: Read<Value>, signal?: AbortSignal) {
  const { body, etag } = await call<Value>(base + what.path, { search: what.search, signal })
  return { value: body, etag }
}

export async function post<Answer>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
  return (await call<Answer>(path, { method: 'POST', body, signal })).body
}

/** What the console changes. */
export const actions = {
  signIn: (credentials: Credentials) => post<unknown>('/api/v1/sign-in', credentials),
  signOut: () => post<unknown>('/api/v1/sign-out', {}),
  setUp: (request: SetupRequest) => post<unknown>(`${base}/setup`, request),

  webhookCreate: (webhook: DraftBody) => post<WebhookCreated>(`${base}/webhooks`, webhook),
  webhookChange: async (id: string, change: WebhookChange, etag?: string | null) => {
    const path = base + api.webhookView(id).path
    return (await call<WebhookRead>(path, { method: 'PATCH', body: change, ifMatch: etag ?? undefined })).body
  },
  webhookDelete: (id: string) => call<void>(base + api.webhookView(id).path, { method: 'DELETE' }),

  signingSecretRotate: (id: string, overlapSeconds: number) =>
    post<WebhookCreated>(`${base}${api.webhookView(id).path}/rotate-signing-secret`, {
      overlap_seconds: overlapSeconds,
    }),
  circuitReset: (id: string) => post<WebhookRead>(`${base}${api.webhookView(id).path}/reset-circuit`, {}),
  conditionPreview: (preview: { condition: string; type: WebhookType; webhook_id?: string }) =>
    post<ConditionPreviewRead>(`${base}/webhooks/preview-condition`, preview),

  deliveryRetry: (id: string, acceptRepeat: boolean) =>
    post<DeliveryRead>(`${base}${api.deliveryView(id).path}/retry`, { accept_repeat: acceptRepeat }),
  deliveriesRetry: (filter: Partial<BulkRetry>) => post<BulkRetryRead>(`${base}/deliveries/retry`, filter),

  webhookTestUnsaved: (test: UnsavedTest, signal?: AbortSignal) =>
    post<DeliveryRead>(`${base}/webhooks/test`, test, signal),
  webhookTest: (id: string, payload: Payload | undefined, signal?: AbortSignal) =>
    post<DeliveryRead>(`${base}${api.webhookView(id).path}/test`, payload ? { payload } : {}, signal),

  apiKeyCreate: (name: string) => post<ApiKeyCreated>(`${base}/api-keys`, { name }),
  apiKeyRevoke: (id: string) =>
    call<void>(`${base}/api-keys/${encodeURIComponent(id)}`, { method: 'DELETE' }),

  sandboxClear: () => call<void>(`${base}/sandbox/requests`, { method: 'DELETE' }),
}
