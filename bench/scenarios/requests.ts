import { startPostgres } from '../../packages/server/test/support/embedded-postgres.ts'
import type { Scenario } from '../scenario.ts'
import { benchKey, startChild, startKeyhook } from '../support/child.ts'
import { addApp, addUsers } from '../support/company.ts'
import { cpuMs } from '../support/cpu.ts'
import { callRepeatedly, percentile, type Target } from '../support/load.ts'
import { createNotes } from '../support/notes.ts'
import { benchPayload } from '../support/webhook.ts'

const requesters = 32

/** Access from asking to having it, against the three webhook calls that it is made of. */
export const requests: Scenario = {
  name: 'requests',
  about:
    `${requesters} concurrent requesters on PostgreSQL, each waiting until access is active: validation, pre-approval and ` +
    'provisioning by webhook. `invoke`: the same number of callers of one bare webhook.',
  goal: 'at least 0.5 x the rate of three bare invokes',
  async run({ runs, progress, quick }) {
    const seconds = quick ? 0.5 : 5
    const postgres = await startPostgres(3965)
    const receiver = await startChild('./receiver-program.ts', [], {})
    const url = await postgres.database('keyhook')
    const keyhook = await startKeyhook(url)
    try {
      // Each asks once: who asks twice for the same is told of the first request.
      const users = await addUsers(url, quick ? 2_000 : 100_000)
      const app = await addApp(keyhook.url, receiver.url)
      const headers = { authorization: `Bearer ${benchKey}` }
      const request: Target = {
        url: `${keyhook.url}/api/v1/access-requests`,
        headers: { ...headers, prefer: 'wait=30' },
        body: () => {
          const requester_id = users.pop()
          if (requester_id === undefined) throw new Error('more users are needed')
          return JSON.stringify({
            app_id: app.id,
            permission_ids: app.permissionIds,
            requester_id,
            business_justification: 'Quarterly close',
            access_length_seconds: 43_200,
          })
        },
        check: (text) => text.includes('"status":"active"'),
      }
      const invoke: Target = {
        url: `${keyhook.url}/api/v1/webhooks/${app.webhooks.provisioning}/invoke`,
        headers,
        body: `{"payload":${benchPayload}}`,
      }
      const sides = { requests: request, invoke }
      const { note, measures } = createNotes()
      for (const target of Object.values(sides)) await callRepeatedly(target, requesters, quick ? 0.5 : 2)
      for (let run = 1; run <= runs; run++) {
        progress(`run ${run} of ${runs}`)
        const rates: Record<string, number> = {}
        for (const [name, target] of Object.entries(sides)) {
          const before = cpuMs(keyhook.pid)
          const load = await callRepeatedly(target, requesters, seconds)
          rates[name] = load.rate
          note(`${name} /s`, load.rate)
          note(`${name}: p50 ms`, percentile(load.latencies, 0.5))
          note(`${name}: p99 ms`, percentile(load.latencies, 0.99))
          note(`${name}: CPU of the server ms`, (cpuMs(keyhook.pid) - before) / load.latencies.length)
        }
        note('requests / three invokes x', (rates.requests ?? 0) / ((rates.invoke ?? 0) / 3))
      }
      return measures()
    } finally {
      for (const part of [keyhook, receiver, postgres]) await part.stop()
    }
  },
}
