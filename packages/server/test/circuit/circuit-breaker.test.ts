import { failedOutcome } from '@keyhook/contract/failure.ts'
import { type FailureReason, failureReasons } from '@keyhook/contract/outcome.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  admits,
  afterCall,
  afterProbe,
  type Circuit,
  type ClosedCircuit,
  closedCircuit,
  judge,
  type OpenCircuit,
  probeGone,
  probing,
} from '../../src/circuit/circuit-breaker.ts'

const settings = { failure_share: 0.5, minimum_calls: 4, window_seconds: 60, pause_seconds: 30 }
const start = Date.UTC(2026, 10, 24)
type Verdict = 'good' | 'bad'

/** One call each second, until it opens. */
function calls(verdicts: string, from: number = start): Circuit {
  let circuit: Circuit = closedCircuit
  for (const [index, letter] of [...verdicts].entries()) {
    if (circuit.kind === 'open') break
    const verdict = letter === 'b' ? 'bad' : 'good'
    circuit = afterCall(
      circuit,
      settings,
      verdict,
      verdict === 'bad' ? 'timeout' : null,
      from + index * 1_000,
    )
  }
  return circuit
}

function opened(): OpenCircuit {
  const circuit = calls('bbbb')
  if (circuit.kind === 'closed') throw new Error('Four failures of four must open it')
  return circuit
}

describe('a closed circuit', () => {
  test.each([
    ['bbb', 'closed', 'fewer calls than the settings ask for'],
    ['bbbb', 'open', 'all failed'],
    ['ggbb', 'open', 'the share is reached'],
    ['gggbb', 'closed', 'the share is not reached'],
    ['bbgg', 'closed', 'the last call went well'],
    ['bbggb', 'open', 'and the next failed'],
  ])('%s: %s, as %s', (verdicts, kind) => {
    expect(calls(verdicts).kind).toBe(kind)
  })

  test('forgets calls that are older than the window', () => {
    const before = calls('bbb')
    if (before.kind === 'open') throw new Error('Three calls are too few')
    expect(afterCall(before, settings, 'bad', 'timeout', start + 50_000).kind).toBe('open')
    expect(afterCall(before, settings, 'bad', 'timeout', start + 62_000).kind).toBe('closed')
  })

  test('says when it opened, on how many failures of how many calls, the last reason, and when it probes', () => {
    expect(calls('ggbb')).toEqual({
      kind: 'open',
      since: start + 3_000,
      calls: 4,
      failures: 2,
      lastReason: 'timeout',
      pauseMs: 30_000,
      probeAt: start + 33_000,
      probingSince: null,
    })
  })

  test('never holds more than ten counts, none of them below 0 or above its calls, whatever the clock does', () => {
    const step = fc.record({
      verdict: fc.constantFrom<Verdict>('good', 'bad'),
      by: fc.integer({ min: -9_000, max: 20_000 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let circuit: ClosedCircuit = closedCircuit
        let now = start
        for (const { verdict, by } of steps) {
          now += by
          const next = afterCall(circuit, { ...settings, minimum_calls: 1_000 }, verdict, null, now)
          if (next.kind === 'open') throw new Error('Two hundred calls are too few')
          circuit = next
          expect(circuit.buckets.length).toBeLessThanOrEqual(10)
          for (const bucket of circuit.buckets) {
            expect(bucket.calls).toBeGreaterThan(0)
            expect(bucket.failures).toBeGreaterThanOrEqual(0)
            expect(bucket.failures).toBeLessThanOrEqual(bucket.calls)
          }
        }
      }),
    )
  })
})

describe('an open circuit', () => {
  test('refuses during the pause, then lets one probe through and refuses the others', () => {
    const open = opened()
    expect(admits(open, open.probeAt - 1)).toBe('refused')
    expect(admits(open, open.probeAt)).toBe('probe')
    expect(admits(probing(open, open.probeAt), open.probeAt)).toBe('refused')
  })

  test('replaces a probe that is lost with its process', () => {
    const open = probing(opened(), start + 60_000)
    expect(admits(open, start + 60_000 + 89_999)).toBe('refused')
    expect(admits(open, start + 60_000 + 90_000)).toBe('probe')
  })

  test('lets the next probe through when one ended without a word', () => {
    const open = opened()
    expect(admits(probeGone(probing(open, open.probeAt)), open.probeAt)).toBe('probe')
    expect(probeGone(closedCircuit)).toBe(closedCircuit)
  })

  test('closes and forgets all counts when the probe goes well', () => {
    const open = opened()
    expect(afterProbe(probing(open, open.probeAt), 'good', open.probeAt)).toEqual(closedCircuit)
  })

  test('doubles the pause with each probe that fails, up to ten minutes, and keeps since when and why', () => {
    let circuit: Circuit = opened()
    const { since, calls: made, failures } = circuit
    const pauses: number[] = []
    for (let count = 0; count < 7; count++) {
      if (circuit.kind === 'closed') break
      const at: number = circuit.probeAt
      circuit = afterProbe(probing(circuit, at), 'bad', at)
      if (circuit.kind === 'open') pauses.push(circuit.pauseMs / 1_000)
      expect(circuit).toMatchObject({ since, calls: made, failures, probingSince: null })
    }
    expect(pauses).toEqual([60, 120, 240, 480, 600, 600, 600])
  })

  test('never makes a pause shorter, even where the settings ask for more than ten minutes', () => {
    const open = { ...opened(), pauseMs: 3_600_000 }
    expect(afterProbe(probing(open, start), 'bad', start)).toMatchObject({ pauseMs: 3_600_000 })
  })

  test('doubles once for a probe that fails several times, and closes if it goes well in the end', () => {
    const open = opened()
    const failed = afterProbe(probing(open, open.probeAt), 'bad', open.probeAt)
    if (failed.kind === 'closed') throw new Error('A failed probe must not close it')
    expect(afterProbe(failed, 'bad', open.probeAt + 500)).toBe(failed)
    expect(afterProbe(failed, 'good', open.probeAt + 900)).toEqual(closedCircuit)
  })

  test('is plain data: what is stored and read back is the same', () => {
    const open = probing(opened(), start)
    expect(JSON.parse(JSON.stringify(open))).toEqual(open)
  })

  test('never has two probes in flight, and lets the next one through within its pause and the time of a lost probe', () => {
    const action = fc.constantFrom('ask', 'good', 'bad', 'gone')
    const steps = fc.array(fc.record({ action, by: fc.nat(20_000) }), { maxLength: 100 })
    fc.assert(
      fc.property(steps, (list) => {
        let circuit: Circuit = opened()
        let now = start
        let inFlight = false
        let probedAt = start
        for (const { action, by } of list) {
          now += by
          if (circuit.kind === 'closed') return
          // A probe of a live process ends before it would be taken for lost.
          if (inFlight && (action !== 'ask' || now - probedAt > 80_000)) {
            circuit =
              action === 'good' || action === 'bad' ? afterProbe(circuit, action, now) : probeGone(circuit)
            inFlight = false
          } else if (admits(circuit, now) === 'probe') {
            expect(inFlight).toBe(false)
            circuit = probing(circuit, now)
            inFlight = true
            probedAt = now
          }
        }
        if (circuit.kind === 'open') expect(admits(circuit, now + circuit.pauseMs + 90_000)).toBe('probe')
      }),
    )
  })
})

describe('judge', () => {
  const judged = (reason: FailureReason, status: number | null) => judge(failedOutcome(reason, 'x'), status)
  const every = (verdict: Verdict | null, status: number | null) =>
    failureReasons.filter((reason) => reason !== 'http_status' && judged(reason, status) === verdict)

  test('only failures that say the endpoint is ill are bad, answered or not', () => {
    expect(every('bad', null)).toEqual(['timeout', 'connection', 'tls', 'protocol'])
    expect(every('bad', 200)).toEqual(['timeout', 'connection', 'tls', 'protocol'])
  })

  test('what never reached the endpoint does not count at all', () => {
    expect(every('good', null)).toEqual([])
    for (const reason of [
      'address_blocked',
      'interrupted',
      'webhook_disabled',
      'circuit_open',
      'auth_failed',
    ] as const) {
      expect(judged(reason, null)).toBeNull()
    }
  })

  test('429 and 5xx are bad; other statuses come from a receiver that is alive', () => {
    const bad = Array.from({ length: 500 }, (_, index) => index + 100).filter(
      (status) => judged('http_status', status) === 'bad',
    )
    expect(bad).toEqual([429, ...Array.from({ length: 100 }, (_, index) => 500 + index)])
  })

  test('a decision is good, also a negative one, and so is an answer that comes later', () => {
    expect(judge({ status: 'succeeded', decision: false, message: null, explanation: '' }, 200)).toBe('good')
    expect(judge(null, 202)).toBe('good')
  })
})
