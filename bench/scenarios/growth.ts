import { Client } from 'pg'
import { startPostgres } from '../../packages/server/test/support/embedded-postgres.ts'
import type { Scenario } from '../scenario.ts'
import { benchKey, startChild, startKeyhook } from '../support/child.ts'
import { callRepeatedly, medianGet, percentile } from '../support/load.ts'
import { growthMeasures } from '../support/notes.ts'
import { benchPayload, invokable } from '../support/webhook.ts'

const few = 10_000

/** Whether what is stored slows what happens. */
export const growth: Scenario = {
  name: 'growth',
  about: `Invoke and list pages with ${few.toLocaleString('en')} stored deliveries and with many (--rows, 200,000 unless set), on PostgreSQL.`,
  goal: 'with many at most 1.5 x the time of with few',
  async run({ runs, progress, quick, rows }) {
    const seconds = quick ? 0.5 : 3
    const headers = { authorization: `Bearer ${benchKey}` }
    const sizes = { few: quick ? 1_000 : few, many: quick ? 5_000 : (rows ?? 200_000) }
    const postgres = await startPostgres(3964)
    const receiver = await startChild('./receiver-program.ts', [], {})
    const parts: { stop(): Promise<void> }[] = [receiver, postgres]
    try {
      const sides = []
      for (const [name, count] of Object.entries(sizes)) {
        const url = await postgres.database(name)
        const keyhook = await startKeyhook(url)
        parts.unshift(keyhook)
        const target = await invokable(keyhook.url, receiver.url)
        const webhookId = /wh_[0-9a-f]+/.exec(target.url)?.[0] ?? ''
        progress(`storing ${count.toLocaleString('en')} deliveries`)
        await fill(url, webhookId, count)
        sides.push({ name, keyhook, target, pages: pagesOf(webhookId) })
      }
      const times = new Map<string, number[]>()
      const note = (name: string, value: number) => times.set(name, [...(times.get(name) ?? []), value])
      for (const { target } of sides) await callRepeatedly(target, 8, seconds)
      for (let run = 1; run <= runs; run++) {
        progress(`run ${run} of ${runs}`)
        for (const { name, keyhook, target, pages } of sides) {
          note(`invoke, ${name}`, percentile((await callRepeatedly(target, 8, seconds)).latencies, 0.5))
          for (const [page, path] of Object.entries(pages)) {
            note(
              `${page}, ${name}`,
              await medianGet({ url: `${keyhook.url}/api/v1${path}`, headers }, quick ? 10 : 100),
            )
          }
        }
      }
      const measured = ['invoke', ...Object.keys(sides[0]?.pages ?? {})]
      return growthMeasures(times, measured)
    } finally {
      for (const part of parts) await part.stop()
    }
  },
}

function pagesOf(webhookId: string): Record<string, string> {
  return {
    'newest deliveries': '/deliveries?limit=50',
    'of a webhook': `/deliveries?limit=50&webhook_id=${webhookId}`,
    failed: '/deliveries?limit=50&status=failed',
    'failed with one reason': '/deliveries?limit=50&failure_reason=timeout',
    webhooks: '/webhooks',
  }
}

/** Ended deliveries of the last weeks, one in fifty failed, with an attempt each. */
async function fill(url: string, webhookId: string, count: number): Promise<void> {
  const database = new Client({ connectionString: url })
  await database.connect()
  const outcome =
    '{"status":"succeeded","decision":true,"message":null,"explanation":"The top-level `response` was used."}'
  const failed =
    '{"status":"failed","failure_reason":"timeout","explanation":"There was no complete answer in time."}'
  const exchange =
    '{"url":"http://127.0.0.1/","request_headers":[],"response":null,"timings":{"dns_ms":null,"connect_ms":null,"tls_ms":null,"first_byte_ms":1,"total_ms":1}}'
  try {
    for (let from = 0; from < count; from += 100_000) {
      const to = Math.min(count, from + 100_000) - 1
      // Ids carry the time, a second apart, before now.
      await database.query(
        `with rows as (
          select n, lpad(to_hex((extract(epoch from now()) * 1000)::bigint - ($2::bigint - n) * 1000), 12, '0') ||
            '7' || lpad(to_hex(n), 19, '0') as tail, n % 50 = 0 as is_failed
          from generate_series($3::bigint, $4::bigint) as n
        ), written as (
          insert into deliveries (id, webhook_id, webhook_name, webhook_type, test, status, payload, outcome,
            failure_reason, finished_at, duration_ms)
          select 'dlv_' || tail, $1, 'Bench', 'pre_approval', false,
            case when is_failed then 'failed' else 'succeeded' end, $5::bytea,
            case when is_failed then $7::json else $6::json end,
            case when is_failed then 'timeout' end, now(), 1.5 from rows
        )
        insert into attempts (id, delivery_id, number, started_at, duration_ms, exchange, response_body, outcome)
        select 'att_' || tail, 'dlv_' || tail, 1, now(), 1.5, $8::json, '\\x7b7d', $6::json from rows`,
        [webhookId, count, from, to, Buffer.from(benchPayload), outcome, failed, exchange],
      )
    }
    await database.query('vacuum analyze')
  } finally {
    await database.end()
  }
}
