import { setTimeout as sleep } from 'node:timers/promises'
import { startPostgres } from '../../packages/server/test/support/embedded-postgres.ts'
import type { Scenario } from '../scenario.ts'
import { benchKey, startChild, startKeyhook } from '../support/child.ts'
import { addApp, addUsers, callApi } from '../support/company.ts'
import { callRepeatedly, percentile, type Target } from '../support/load.ts'
import { multiplyRequest, runSql } from '../support/many-requests.ts'
import { residentMiB, watchMemory } from '../support/memory.ts'
import { createNotes } from '../support/notes.ts'
import { benchPayload } from '../support/webhook.ts'

const grants = 100_000
const callers = 4

/** Everybody's access ends at the same moment, while programs go on asking. */
export const expiry: Scenario = {
  name: 'expiry',
  about:
    `${grants.toLocaleString('en')} grants end at one moment, on PostgreSQL; each is deprovisioned by webhook. Meanwhile ${callers} ` +
    'callers of another webhook go on; `alone`: the same callers before. `invoke`: 32 callers of the bare deprovisioning webhook.',
  goal: 'all ended or with a person; p99 of invoke meanwhile below 2 x alone',
  async run({ runs, progress, quick }) {
    const count = quick ? 200 : grants
    const seconds = quick ? 0.5 : 5
    const { note, measures } = createNotes()
    const postgres = await startPostgres(3967)
    const receiver = await startChild('./receiver-program.ts', [], {})
    try {
      for (let run = 1; run <= runs; run++) {
        const url = await postgres.database(`run${run}`)
        const keyhook = await startKeyhook(url)
        try {
          progress(`run ${run} of ${runs}: storing ${count.toLocaleString('en')} grants`)
          const [first] = await addUsers(url, count + 1)
          const app = await addApp(keyhook.url, receiver.url)
          const asked = await fetch(`${keyhook.url}/api/v1/access-requests`, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              authorization: `Bearer ${benchKey}`,
              prefer: 'wait=30',
            },
            body: JSON.stringify({
              app_id: app.id,
              permission_ids: app.permissionIds,
              requester_id: first,
              business_justification: 'Quarterly close',
              access_length_seconds: 43_200,
            }),
          })
          const request = (await asked.json()) as { id: string; status: string }
          if (request.status !== 'active') throw new Error(`a request is ${request.status}`)
          await multiplyRequest(url, request.id, { count, users: count + 1, mark: 1 })
          await runSql(url, { text: 'vacuum analyze' })
          const { id: other } = await callApi<{ id: string }>(keyhook.url, 'POST', '/webhooks', {
            type: 'provisioning',
            name: 'Other',
            endpoint_url: receiver.url,
          })
          const target = (id: string | undefined): Target => ({
            url: `${keyhook.url}/api/v1/webhooks/${id}/invoke`,
            headers: { authorization: `Bearer ${benchKey}` },
            body: `{"payload":${benchPayload}}`,
          })
          await callRepeatedly(target(other), callers, seconds)
          const bare = await callRepeatedly(target(app.webhooks.deprovisioning), 32, seconds)
          const alone = await callRepeatedly(target(other), callers, seconds)

          progress(`run ${run} of ${runs}: all end`)
          const before = residentMiB(keyhook.pid)
          const most = watchMemory(keyhook.pid)
          const began = performance.now()
          await runSql(url, { text: 'update grants set expires_at = now()' })
          const meanwhile: number[] = []
          let left = count
          for (;;) {
            meanwhile.push(...(await callRepeatedly(target(other), callers, quick ? 0.5 : 2)).latencies)
            left = await leftOf(url)
            if (left === 0) break
            progress(`run ${run} of ${runs}: ${left.toLocaleString('en')} left`)
            await sleep(1)
          }
          const took = performance.now() - began
          meanwhile.sort((a, b) => a - b)
          note('all ended ms', took)
          note('ended /s', (count / took) * 1000)
          note('bare invoke /s', bare.rate)
          note('ended / bare invokes x', ((count / took) * 1000) / bare.rate)
          note('p99 of invoke alone ms', percentile(alone.latencies, 0.99))
          note('p99 of invoke meanwhile ms', percentile(meanwhile, 0.99))
          note('p99 meanwhile / alone x', percentile(meanwhile, 0.99) / percentile(alone.latencies, 0.99))
          note('memory grew by MiB', most() - before)
        } finally {
          await keyhook.stop()
        }
      }
      return measures()
    } finally {
      for (const part of [receiver, postgres]) await part.stop()
    }
  },
}

/** Grants that are not ended and that nobody was asked about. */
async function leftOf(url: string): Promise<number> {
  const [row] = await runSql(url, {
    text: "select count(*)::int as left from grants where status in ('active', 'deprovisioning')",
  })
  return Number(row?.left)
}
