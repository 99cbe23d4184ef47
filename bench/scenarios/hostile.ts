import { request } from 'undici'
import type { Scenario } from '../scenario.ts'
import { benchKey, startChild, startKeyhook } from '../support/child.ts'
import { callRepeatedly } from '../support/load.ts'
import { residentMiB, watchMemory } from '../support/memory.ts'
import { benchPayload, invokable } from '../support/webhook.ts'

/** Memory while many receivers misbehave at once. */
export const hostile: Scenario = {
  name: 'hostile',
  about:
    'Resident memory of the server while 200 receivers misbehave at the same time: floods of headers, 1xx and bodies, drips, silence, resets, garbage. Each run is one round; the first one meets a server that has seen ordinary traffic only.',
  goal: 'grows by less than 64 MiB',
  async run({ runs, progress, quick }) {
    const calls = quick ? 20 : 200
    const receiver = await startChild('./receiver-program.ts', [], {})
    const hostileReceivers = await startChild('./hostile-program.ts', [], {})
    const keyhook = await startKeyhook(null)
    try {
      await callRepeatedly(await invokable(keyhook.url, receiver.url), 32, quick ? 0.5 : 5)
      const before = residentMiB(keyhook.pid)
      const peaks: number[] = []
      const rests: number[] = []
      for (let run = 1; run <= runs; run++) {
        progress(`round ${run} of ${runs}`)
        const peak = watchMemory(keyhook.pid)
        await Promise.all(
          Array.from({ length: calls }, (_, index) => testOnce(keyhook.url, hostileReceivers.url, index)),
        )
        peaks.push(peak() - before)
        rests.push(residentMiB(keyhook.pid) - before)
      }
      return [
        { name: 'growth at the most', unit: 'MiB', values: peaks },
        { name: 'growth after the round', unit: 'MiB', values: rests },
      ]
    } finally {
      for (const part of [keyhook, receiver, hostileReceivers]) await part.stop()
    }
  },
}

const behaviours = [
  ...['headers', 'informational', 'body', 'chunks', 'huge-chunk'],
  ...['slow-headers', 'slow-body', 'silent', 'reset', 'garbage'],
]

/** Tests an unsaved webhook at one of the receivers. Throws unless it ends as a failed delivery. */
async function testOnce(server: string, receivers: string, index: number): Promise<void> {
  const endpoint_url = new URL(behaviours[index % behaviours.length] ?? '', receivers).href
  const answer = await request(`${server}/api/v1/webhooks/test`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${benchKey}` },
    body: JSON.stringify({
      webhook: { type: 'pre_approval', name: 'Hostile', endpoint_url, time_limit_ms: 2_000 },
      payload: JSON.parse(benchPayload),
    }),
  })
  const delivery = (await answer.body.json()) as { status?: string }
  if (delivery.status !== 'failed') throw new Error(`${endpoint_url} ended as ${JSON.stringify(delivery)}`)
}
