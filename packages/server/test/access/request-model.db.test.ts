/**
 * Requests on a real server: two people act at the same moment, receivers answer anything, time jumps, the server is
 * restarted in the middle. Then everything must be as request-model.ts says. `KEYHOOK_RUNS` sets the number of steps,
 * `KEYHOOK_SEED` repeats a sequence; what comes first of two things at once is not repeated.
 */
import type { ApiKeyCreated } from '@keyhook/contract/api/access.ts'
import type { AccessRequestSummary } from '@keyhook/contract/api/access-request.ts'
import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import { expect, onTestFinished, test } from 'vitest'
import { type ApiAnswer, startTestService, type TestService } from '../support/harness.ts'
import { type Answer, json, type Received } from '../support/receiver.ts'
import { checkRequest } from './request-model.ts'
import { call, type MadeApp, makeApp, makeUser, makeWebhook, receiverForTest } from './support.ts'

const runs = Number(process.env.KEYHOOK_RUNS ?? 0)
const steps = runs > 0 ? runs : 75
const seed = Number(process.env.KEYHOOK_SEED ?? Date.now() % 2 ** 31)
const hour = 3_600_000

/** Numbers from 0 to 1, the same for the same seed. Source: mulberry32, in the public domain. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Longer than the webhooks' time limit. */
const late: Answer = (request, response) => {
  const timer = setTimeout(() => json(200, { response: true })(request, response), 1_500)
  response.on('close', () => clearTimeout(timer))
}
const garbage: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<p>\u202eyes\0</p>')
}
const answers: readonly Answer[] = [
  ...[json(200, { response: true }), json(200, { response: true }), json(204), json(200, { response: true })],
  ...[json(200, { response: false, message: 'No' }), garbage, json(500), late],
]

test(
  `whatever two people, receivers, time and restarts do, the promises hold (seed ${seed}, ${steps} steps)`,
  async () => {
    console.log(`request model: seed ${seed}, ${steps} steps`)
    const random = randomOf(seed)
    const pick = <Value>(values: readonly Value[]): Value | undefined =>
      values[Math.floor(random() * values.length)]
    const received: Received[] = []
    let calm = false
    const receiver = await receiverForTest((request, response) => {
      received.push(request)
      const answer = calm ? json(200, { response: true }) : pick(answers)
      answer?.(request, response)
    })
    let ahead = 0
    let service = await startTestService({}, { clock: () => Date.now() + ahead })
    // The one that was started first removes the database too.
    const { stop } = service
    onTestFinished(async () => {
      await service.stop()
      await stop()
    })

    const people = await twoAdministrators(service)
    const apps = await appsFor(service, receiver.url)
    const users = await Promise.all(Array.from({ length: 4 }, () => makeUser(service)))

    /** Both do something at the same moment; what is refused is refused with a reason. */
    async function both(act: () => [string, unknown] | null): Promise<ApiAnswer[]> {
      const done = await Promise.all(
        people.map(async (key) => {
          const chosen = act()
          return chosen ? [await service.api('POST', chosen[0], chosen[1], { key })] : []
        }),
      )
      const flat = done.flat()
      for (const { status, text } of flat) expect([200, 201, 404, 409], text).toContain(status)
      return flat
    }
    const list = async <Row>(path: string) =>
      (await call<Page<Row>>(service, 'GET', `${path}&limit=200`)).data

    const actions: Record<string, () => Promise<unknown>> = {
      async submit() {
        const app = pick(apps)
        const user = pick(users)
        const wanted = {
          app_id: app?.id,
          permission_ids: app?.permissions.slice(0, random() < 0.5 ? 1 : 2).map(({ id }) => id),
          requester_id: user?.id,
          business_justification: 'Needed',
          access_length_seconds: random() < 0.7 ? 3_600 : null,
        }
        const made = await both(() => ['/access-requests', wanted])
        expect(made.filter(({ status }) => status === 201).length, 'asked twice at once').toBeLessThanOrEqual(
          1,
        )
      },
      async decide() {
        const request = pick(await list<AccessRequestSummary>('/access-requests?status=awaiting_approval'))
        if (!request) return
        const at = `/access-requests/${request.id}`
        const done = await both(() =>
          random() < 0.7
            ? [`${at}/approve`, {}]
            : random() < 0.5
              ? [`${at}/deny`, { reason: 'No' }]
              : [`${at}/cancel`, undefined],
        )
        // Who approves first may see the request cancelled by the other: by hand it is not given yet.
        expect(done.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1)
      },
      async work() {
        const task = pick(
          (await list<TaskRead>('/tasks?status=open')).filter(({ kind }) => kind !== 'approval'),
        )
        if (!task) return
        await both(() =>
          random() < 0.3
            ? [`/tasks/${task.id}/send-again`, undefined]
            : [`/tasks/${task.id}/complete`, { outcome: random() < 0.8 ? 'done' : 'not_done' }],
        )
      },
      async cancel() {
        const request = pick(
          await list<AccessRequestSummary>('/access-requests?status=awaiting_confirmation'),
        )
        if (request) await both(() => [`/access-requests/${request.id}/cancel`, undefined])
      },
      async revoke() {
        const grant = pick(await list<GrantRead>('/grants?status=active'))
        if (!grant) return
        await both(() =>
          random() < 0.6
            ? [`/grants/${grant.id}/revoke`, { reason: 'Over' }]
            : [
                `/grants/${grant.id}/extend`,
                { access_length_seconds: 7_200, business_justification: 'More' },
              ],
        )
      },
      async jump() {
        ahead += random() * 2 * hour
      },
      async restart() {
        service = await service.restart()
      },
    }
    const often = [
      ...Array.from({ length: 6 }, () => 'submit'),
      ...Array.from({ length: 5 }, () => 'decide'),
      ...['work', 'work', 'work', 'cancel', 'revoke', 'revoke', 'jump', 'jump', 'restart'],
    ]
    for (let step = 0; step < steps; step += 1) await actions[pick(often) ?? 'submit']?.()

    calm = true
    service = await service.restart()
    const all = await service.ctx.db.selectFrom('access_requests').select('id').execute()
    expect(all.length).toBeGreaterThan(steps / 10)
    expect(received.length, 'receivers were asked').toBeGreaterThan(steps / 10)
    await expect.poll(() => unsettled(service), { timeout: 30_000 }).toEqual([])
    for (const { id } of all) await checkRequest(service, id, received)
  },
  Math.max(120_000, steps * 2_000),
)

/** What goes on by itself still, or is due by now. */
async function unsettled({ ctx: { db, clock } }: TestService): Promise<string[]> {
  const under = await db
    .selectFrom('access_requests')
    .select(['id'])
    .where('status', 'in', ['validating', 'pre_approving', 'provisioning', 'deprovisioning'])
    .execute()
  const calls = await db.selectFrom('calls').select('id').where('done_at', 'is', null).execute()
  const due = await db
    .selectFrom('grants')
    .select('id')
    .where('status', '=', 'active')
    .where('expires_at', '<=', new Date(clock() + 30_000))
    .execute()
  return [...under, ...calls, ...due].map(({ id }) => id)
}

function twoAdministrators(service: TestService): Promise<string[]> {
  return Promise.all(
    ['Ann', 'Ben'].map(
      async (name) => (await call<ApiKeyCreated>(service, 'POST', '/api-keys', { name })).key,
    ),
  )
}

/** One that asks everybody, one that gives at once, one whose work is done by hand. */
async function appsFor(service: TestService, url: string): Promise<MadeApp[]> {
  const quick = { time_limit_ms: 1_000, circuit_breaker: null }
  const [validation, provisioning, deprovisioning] = await Promise.all(
    (['request_validation', 'provisioning', 'deprovisioning'] as const).map((type) =>
      makeWebhook(service, type, url, quick),
    ),
  )
  const by = { provisioning: provisioning?.id ?? '', deprovisioning: deprovisioning?.id ?? '' }
  const permissions = ['Read', 'Write']
  return [
    await makeApp(service, {
      permissions,
      approvers: [{ type: 'app_admins' }],
      webhooks: { ...by, request_validation: validation?.id ?? '' },
    }),
    await makeApp(service, { permissions, webhooks: by }),
    await makeApp(service, { permissions }),
  ]
}
