/**
 * The engine against a model, over random sequences of what happens to it: calls with and without keys, receivers that answer
 * anything, settings that change, sending again, a process that is taken for dead, time that jumps. What the receiver counted
 * and what is recorded must always agree. `KEYHOOK_RUNS` sets the number of sequences, `KEYHOOK_SEED` repeats one.
 */
import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { listEvents } from '../../src/events/event-list.ts'
import { readEvent } from '../../src/events/event-store.ts'
import { readLogKeys } from '../../src/events/log-keys.ts'
import { createLogVerifier, entryOf } from '../../src/events/log-verifier.ts'
import { type ApiAnswer, startTestService, type TestService } from '../support/harness.ts'
import { type Answer, json, startReceiver } from '../support/receiver.ts'

const numRuns = Number(process.env.KEYHOOK_RUNS ?? 2)
const seed = Number(process.env.KEYHOOK_SEED ?? Date.now() % 2 ** 31)
const day = 24 * 3_600_000

const answers = {
  yes: json(200, { response: true }),
  no: json(200, { response: false }),
  error: json(500),
  garbage: (_request, response) => response.writeHead(200).end('<p>'),
  reset: (_request, response) => response.destroy(),
} satisfies Record<string, Answer>
type AnswerName = keyof typeof answers

type Model = {
  enabled: boolean
  retries: boolean
  answer: AnswerName
  /** The deliveries that were made, and how often the receiver got each. */
  readonly made: Map<string, { sent: number; unrecorded: number; succeeded: boolean }>
  /** What each key led to. */
  readonly keys: Map<string, { id: string; n: number }>
}

type Real = {
  readonly service: TestService
  readonly webhookId: string
  /** How often the receiver got each delivery. */
  readonly counts: Map<string, number>
  answerWith(answer: Answer): void
  jump(ms: number): void
}

type Command = fc.AsyncCommand<Model, Real>
type Invoked = DeliveryRead & { code?: string }

function invoke({ service, webhookId }: Real, n: number, key?: string): Promise<ApiAnswer<Invoked>> {
  const headers = key === undefined ? {} : { headers: { 'idempotency-key': `${webhookId}-${key}` } }
  return service.api<Invoked>('POST', `/webhooks/${webhookId}/invoke`, { payload: { n } }, headers)
}

/** What must be true of a delivery that has ended, whatever came before. */
async function agree(model: Model, real: Real, id: string): Promise<void> {
  const known = model.made.get(id)
  const { body } = await real.service.api<DeliveryRead>('GET', `/deliveries/${id}`)
  expect(real.counts.get(id) ?? 0, 'what the receiver counted').toBe(known?.sent)
  expect(body.attempts.length, 'attempts that are recorded').toBe(
    (known?.sent ?? 0) - (known?.unrecorded ?? 0),
  )
  expect(body.status).toBe(known?.succeeded ? 'succeeded' : 'failed')
  expect(body.outcome).toMatchObject({ status: body.status })
}

/** How often it is sent with this answer, and how that ends. */
function sendings({ retries, answer }: Model): { sent: number; succeeded: boolean } {
  const mends = retries && (answer === 'error' || answer === 'reset')
  return { sent: mends ? 2 : 1, succeeded: answer === 'yes' || answer === 'no' }
}

function invokes(n: number, key?: string): Command {
  return {
    check: () => true,
    async run(model, real) {
      const { status, body } = await invoke(real, n, key)
      const known = key === undefined ? undefined : model.keys.get(key)
      if (known && known.n !== n) {
        expect([status, body.code]).toEqual([409, 'idempotency_key_reused'])
        return
      }
      expect(status).toBe(200)
      if (known) expect(body.id).toBe(known.id)
      else {
        const { sent, succeeded } = model.enabled ? sendings(model) : { sent: 0, succeeded: false }
        model.made.set(body.id, { sent, succeeded, unrecorded: 0 })
        if (key !== undefined) model.keys.set(key, { id: body.id, n })
      }
      await agree(model, real, body.id)
    },
    toString: () => `invoke(${n}, ${key ?? 'no key'})`,
  }
}

function answersWith(answer: AnswerName): Command {
  return {
    check: () => true,
    async run(model, real) {
      model.answer = answer
      real.answerWith(answers[answer])
    },
    toString: () => `receiver(${answer})`,
  }
}

function configures(enabled: boolean, retries: boolean): Command {
  return {
    check: () => true,
    async run(model, { service, webhookId }) {
      const retry_policy = retries ? { max_attempts: 2, first_delay_ms: 50, max_delay_ms: 50 } : null
      const changed = await service.api('PATCH', `/webhooks/${webhookId}`, { enabled, retry_policy })
      expect(changed.status, changed.text).toBe(200)
      Object.assign(model, { enabled, retries })
    },
    toString: () => `configure(${enabled ? 'enabled' : 'disabled'}, ${retries ? 'retries' : 'no retries'})`,
  }
}

/** By hand: once, whatever the policy says, on a disabled webhook too; it asks first unless nothing can have arrived. */
function sendsAgain(which: number): Command {
  return {
    check: ({ made }) => made.size > 0,
    async run(model, real) {
      const [id = '', known] = [...model.made][which % model.made.size] ?? []
      if (!known) return
      const again = (body: object) => real.service.api<Invoked>('POST', `/deliveries/${id}/retry`, body)
      const first = await again({})
      if (known.sent > 0) {
        expect([first.status, first.body.code]).toEqual([409, 'retry_may_repeat'])
        expect((await again({ accept_repeat: true })).status).toBe(200)
      } else expect(first.status).toBe(200)
      known.sent += 1
      known.succeeded = sendings(model).succeeded
      await agree(model, real, id)
    },
    toString: () => `send again(${which})`,
  }
}

/** Another process takes this one for dead while the receiver thinks; then the receiver answers all the same. */
const takenForDead: Command = {
  check: ({ enabled }) => enabled,
  async run(model, real) {
    const before = new Set(real.counts.keys())
    let release = () => {}
    real.answerWith((request, response) => {
      real.answerWith(answers.yes)
      release = () => answers.yes(request, response)
    })
    const waiting = invoke(real, 0)
    const held = () => [...real.counts.keys()].find((id) => !before.has(id))
    await expect.poll(held).toBeDefined()
    const id = held() ?? ''
    const { db } = real.service.ctx
    await db.updateTable('deliveries').set({ process_id: 'prc_dead' }).where('id', '=', id).execute()
    await expect
      .poll(async () => (await real.service.api<DeliveryRead>('GET', `/deliveries/${id}`)).body.status)
      .toBe(model.retries ? 'succeeded' : 'failed')
    release()
    expect((await waiting).body).toMatchObject({ id, status: model.retries ? 'succeeded' : 'failed' })
    // What was sent first is not known to have come to anything, so it is not recorded, and never taken for a success.
    model.made.set(id, { sent: model.retries ? 2 : 1, unrecorded: 1, succeeded: model.retries })
    real.answerWith(answers[model.answer])
    await agree(model, real, id)
  },
  toString: () => 'taken for dead',
}

/** Keys are remembered for a day. */
const dayPasses: Command = {
  check: () => true,
  async run(model, real) {
    real.jump(day)
    model.keys.clear()
  },
  toString: () => 'a day passes',
}

const commands = fc.commands(
  [
    fc.tuple(fc.nat(1), fc.constantFrom('a', 'b', undefined)).map(([n, key]) => invokes(n, key)),
    fc.constantFrom(...(Object.keys(answers) as AnswerName[])).map(answersWith),
    fc.tuple(fc.boolean(), fc.boolean()).map(([enabled, retries]) => configures(enabled, retries)),
    fc.nat(50).map(sendsAgain),
    fc.constant(takenForDead),
    fc.constant(dayPasses),
  ],
  { maxCommands: 30, size: 'max' },
)

test(`what the receiver counted and what is recorded agree, whatever happens (seed ${seed}, ${numRuns} runs)`, {
  timeout: 60_000 + numRuns * 60_000,
}, async () => {
  console.log(`engine model: seed ${seed}, ${numRuns} runs`)
  let ahead = 0
  const service = await startTestService({}, { clock: () => Date.now() + ahead })
  onTestFinished(() => service.stop())
  const counts = new Map<string, number>()
  let answer: Answer = answers.yes
  const receiver = await startReceiver((request, response) => {
    const id = String(request.headers['webhook-id'])
    counts.set(id, (counts.get(id) ?? 0) + 1)
    answer(request, response)
  })
  onTestFinished(() => receiver.close())

  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const made = await service.api<{ id: string }>('POST', '/webhooks', {
        type: 'pre_approval',
        name: 'Modelled',
        endpoint_url: receiver.url,
        circuit_breaker: null,
      })
      const model: Model = {
        enabled: true,
        retries: false,
        answer: 'yes',
        made: new Map(),
        keys: new Map(),
      }
      const real: Real = {
        service,
        webhookId: made.body.id,
        counts,
        answerWith: (next) => {
          answer = next
        },
        jump: (ms) => {
          ahead += ms
        },
      }
      real.answerWith(answers.yes)
      await fc.asyncModelRun(() => ({ model, real }), sequence)
      for (const id of model.made.keys()) await agree(model, real, id)
      const stored = await service.ctx.db
        .selectFrom('deliveries')
        .select(['id', 'status'])
        .where('webhook_id', '=', made.body.id)
        .execute()
      expect(stored.map(({ id }) => id).sort()).toEqual([...model.made.keys()].sort())
      expect(stored.filter(({ status }) => !['succeeded', 'failed'].includes(status))).toEqual([])
    }),
    { seed, numRuns, endOnFailure: true },
  )

  const keys = await readLogKeys(service.ctx)
  const verifier = createLogVerifier({ key: keys.chain, publicKey: keys.publicKey })
  for (const row of await listEvents(service.ctx, { after: null, newestFirst: false, limit: 100_000 }))
    verifier.add(entryOf(readEvent(row)))
  expect(verifier.end()).toMatchObject({ problem: null })
})
