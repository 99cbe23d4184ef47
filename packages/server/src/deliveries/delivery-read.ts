import {
  type AttemptRead,
  type DeliveryRead,
  type DeliverySummary,
  type OutcomeRead,
  storedBodyBytes,
} from '@keyhook/contract/api/delivery.ts'
import type { Context } from '../context.ts'
import { timeOfId } from '../lib/ids.ts'
import { findCallback } from './callback-store.ts'
import type { Delivered } from './deliver.ts'
import type { AttemptRow, DeliveryOutcome, DeliverySummaryRow } from './delivery-store.ts'
import { payloadOf } from './entries-payload.ts'

/** An outcome as the API shows it: a failure comes with the page that explains it. */
export function readOutcomeForApi(ctx: Context, outcome: DeliveryOutcome): OutcomeRead {
  if (outcome.status !== 'failed') return outcome
  return { ...outcome, docs_url: `${ctx.baseUrl()}/docs/protocol#${outcome.failure_reason}` }
}

export function readDeliverySummary(ctx: Context, row: DeliverySummaryRow): DeliverySummary {
  return {
    id: row.id,
    webhook_id: row.webhook_id,
    webhook_name: row.webhook_name,
    webhook_type: row.webhook_type,
    test: row.test,
    status: row.status,
    outcome: row.outcome && readOutcomeForApi(ctx, row.outcome),
    created_at: timeOfId(row.id).toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    duration_ms: row.duration_ms,
    events: row.entries && row.entries.runs.length > 0 ? row.entries.count : null,
  }
}

/** A delivery with its attempts, and what is known of its late answer. */
export async function readDelivered(ctx: Context, { delivery, attempts }: Delivered): Promise<DeliveryRead> {
  const payload = decode((await payloadOf(ctx, delivery)) ?? new Uint8Array())
  const mayHaveOne = attempts.some((attempt) => attempt.outcome === null)
  const callback = mayHaveOne ? await findCallback(ctx, delivery.id) : null
  return {
    ...readDeliverySummary(ctx, delivery),
    payload,
    callback: callback && {
      deadline_at: callback.deadline_at.toISOString(),
      received_at: callback.received_at?.toISOString() ?? null,
      body: callback.body && decode(callback.body),
    },
    attempts: attempts.map((attempt) => readAttempt(ctx, attempt, payload)),
  }
}

/** For those who do not run the webhook: paths and queries of endpoint URLs may be secrets. */
export function withoutAddress(delivery: DeliveryRead): DeliveryRead {
  return {
    ...delivery,
    attempts: delivery.attempts.map((attempt) => ({
      ...attempt,
      request: { ...attempt.request, url: `${new URL(attempt.request.url).origin}/…` },
    })),
  }
}

function readAttempt(ctx: Context, row: AttemptRow, payload: string): AttemptRead {
  const { exchange } = row
  const { response } = exchange
  return {
    id: row.id,
    number: row.number,
    started_at: row.started_at.toISOString(),
    duration_ms: row.duration_ms,
    request: {
      method: 'POST',
      url: exchange.url,
      headers: exchange.request_headers.map(line),
      body: payload,
    },
    response: response && {
      status: response.status,
      headers: response.headers.map(line),
      body: decode(row.response_body ?? new Uint8Array()),
      body_bytes: response.body_bytes,
      truncated: response.body_bytes > storedBodyBytes,
    },
    timings: exchange.timings,
    outcome: row.outcome && readOutcomeForApi(ctx, row.outcome),
  }
}

function line([name, value]: readonly [string, string]) {
  return { name, value }
}

/** For people: what is not UTF-8 shows as U+FFFD. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
