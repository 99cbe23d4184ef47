/**
 * The promises about access requests, checked in the database of a server at rest after a lot has happened to it. What they
 * say is the model: little, and true whatever happened.
 */
import type { RequestStatus } from '@keyhook/contract/access-words.ts'
import type { EventRead } from '@keyhook/contract/api/event.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import { expect } from 'vitest'
import type { TestService } from '../support/harness.ts'
import type { Received } from '../support/receiver.ts'
import { call } from './support.ts'

/** Nobody has to act, or a person has to. */
const resting: readonly RequestStatus[] = [
  ...(['rejected', 'awaiting_approval', 'denied', 'awaiting_confirmation'] as const),
  ...(['active', 'awaiting_removal', 'ended', 'cancelled'] as const),
]
/** Whose work is open in a status; in those that are not here there is none about the status itself. */
const taskOf: Partial<Record<RequestStatus, string>> = {
  awaiting_approval: 'approval',
  awaiting_confirmation: 'confirm_provisioning',
  awaiting_removal: 'confirm_deprovisioning',
}

/** How far a status is on the way; permissions of one request go through the fourth part each by itself. */
const stages: Record<RequestStatus, number> = {
  validating: 0,
  pre_approving: 1,
  awaiting_approval: 2,
  provisioning: 3,
  awaiting_confirmation: 3,
  active: 3,
  deprovisioning: 3,
  awaiting_removal: 3,
  rejected: 4,
  denied: 4,
  cancelled: 4,
  ended: 4,
}

/** Why a move is not one of a request's life; null when it is. */
function illegal(from: RequestStatus, to: RequestStatus, extension: boolean): string | null {
  if (from === to) return null
  const wrong = `${from} to ${to}`
  if (stages[from] === 4 || stages[to] < stages[from]) return wrong
  if (to === 'rejected') return stages[from] > 1 ? wrong : null
  if (to === 'denied') return stages[from] > 2 ? wrong : null
  // What makes access longer is over once it is decided.
  if (to === 'ended') return stages[from] < (extension ? 1 : 3) ? wrong : null
  return to !== 'cancelled' && stages[to] === 3 && stages[from] === 0 ? wrong : null
}

/** Everything about one request, as it is stored and as the log tells it. */
async function storedOf(service: TestService, id: string) {
  const { db } = service.ctx
  const of = <Table extends 'grants' | 'tasks' | 'calls'>(table: Table) =>
    db
      .selectFrom(table as 'grants')
      .selectAll()
      .where('request_id', '=', id)
      .orderBy('id')
      .execute()
  const events: EventRead[] = []
  let cursor: string | null = null
  do {
    const more: string = cursor === null ? '' : `&cursor=${cursor}`
    const at = `/events?access_request_id=${id}&order=oldest&limit=200${more}`
    const page: Page<EventRead> = await call(service, 'GET', at)
    events.push(...page.data)
    cursor = page.next_cursor
  } while (cursor !== null)
  return {
    request: await db
      .selectFrom('access_requests')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow(),
    grants: await of('grants'),
    tasks: await db.selectFrom('tasks').selectAll().where('request_id', '=', id).execute(),
    calls: await db.selectFrom('calls').selectAll().where('request_id', '=', id).execute(),
    events: events.map(({ event }) => event),
  }
}
type Stored = Awaited<ReturnType<typeof storedOf>>

/** Checks one request at rest. `received`: what the receivers got in all. */
export async function checkRequest(
  service: TestService,
  id: string,
  received: readonly Received[],
): Promise<void> {
  const stored = await storedOf(service, id)
  const what = `${id}, ${stored.request.status}`
  expect(resting, `${what}: stuck`).toContain(stored.request.status)
  checkTasks(stored, what)
  checkLog(stored, what)
  for (const grant of stored.grants) await checkGrant(service, stored, grant, what)
  await checkDeliveries(service, stored, received, what)
}

function checkTasks({ request, tasks }: Stored, what: string): void {
  const open = tasks.filter(({ status }) => status === 'open').map(({ kind }) => kind)
  const needed = taskOf[request.status]
  if (needed) expect(open, `${what}: nobody is asked`).toContain(needed)
  if (stages[request.status] === 4) expect(open, `${what}: work about what is over`).toEqual([])
}

/** Each move has its event, which says where the request stood then. */
function checkLog({ request, events }: Stored, what: string): void {
  const told = events.flatMap(({ event_metadata: { appstore_request_metadata: stood } }) =>
    stood ? [(stood as { status: RequestStatus }).status] : [],
  )
  expect(events[0]?.event_type, `${what}: begins in the log`).toMatch(/CREATE_ACCESS|REQUEST_EXTENSION/)
  expect(told.at(-1), `${what}: the log ends where the request stands`).toBe(request.status)
  const extension = request.extends_grant_ids.length > 0
  for (const [index, status] of told.entries())
    expect(illegal(told[index - 1] ?? status, status, extension), `${what}: ${told.join(', ')}`).toBeNull()
}

async function checkGrant(
  { ctx }: TestService,
  { calls, tasks, events, grants }: Stored,
  grant: Stored['grants'][number],
  what: string,
): Promise<void> {
  const { permission_id: id } = grant
  const about = ({ permission_ids }: { permission_ids: string[] }) => permission_ids.includes(id)
  expect(
    grants.filter(({ permission_id }) => permission_id === id),
    `${what}: granted twice`,
  ).toHaveLength(1)
  const provisioned = await ctx.db
    .selectFrom('deliveries')
    .select('id')
    .where('id', 'in', [
      '',
      ...calls.filter((one) => one.kind === 'provisioning' && about(one)).map((one) => one.id),
    ])
    .where('status', '=', 'succeeded')
    .execute()
  const confirmed = tasks.filter(
    (one) => one.kind === 'confirm_provisioning' && one.status === 'done' && about(one),
  )
  // Cancelled while a person set it up: the receiver may have given it, so it is taken away like access.
  if (grant.end_reason !== 'cancelled' && grant.end_reason !== 'offboarding')
    expect(provisioned.length + confirmed.length, `${what}: given by nobody`).toBeGreaterThan(0)
  const { label } = await ctx.db
    .selectFrom('permissions')
    .select('label')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const ends = events.filter(
    ({ event_type, event_metadata: { permissions } }) =>
      event_type === 'APP_STORE_START_DEPROVISIONING' &&
      (permissions as { label: string }[]).some((one) => one.label === label),
  )
  const tried =
    calls.some((one) => one.kind === 'deprovisioning' && about(one)) ||
    tasks.some((one) => one.kind === 'confirm_deprovisioning' && about(one))
  const over = grant.status !== 'active'
  if (!over && grant.expires_at)
    expect(grant.expires_at.getTime(), `${what}: ran out`).toBeGreaterThan(ctx.clock())
  expect(tried, `${what}: ${grant.status}, deprovisioning tried`).toBe(over)
  if (grant.end_reason === 'cancelled') expect(ends.length).toBeLessThanOrEqual(1)
  else expect(ends, `${what}: ${grant.status}, how often its end began`).toHaveLength(over ? 1 : 0)
}

/** Without a retry policy each call is one delivery, sent once at most, and is made once unless a person sends it again. */
async function checkDeliveries(
  { ctx }: TestService,
  { request, calls, events }: Stored,
  received: readonly Received[],
  what: string,
): Promise<void> {
  const ids = calls.map(({ id }) => id)
  expect(
    calls.filter(({ done_at }) => done_at === null),
    `${what}: unanswered calls`,
  ).toEqual([])
  expect(new Set(calls.map(({ key }) => key)).size, `${what}: one call for each purpose`).toBe(calls.length)
  const attempts = await ctx.db
    .selectFrom('attempts')
    .select('delivery_id')
    .where('delivery_id', 'in', ['', ...ids])
    .execute()
  expect(new Set(attempts.map(({ delivery_id }) => delivery_id)).size, `${what}: attempts`).toBe(
    attempts.length,
  )
  const sent = received.flatMap(({ headers, body }) =>
    body.includes(request.id) ? [String(headers['webhook-id'])] : [],
  )
  expect(new Set(sent).size, `${what}: each delivery is sent once`).toBe(sent.length)
  expect(ids, `${what}: nothing is sent that was not asked for`).toEqual(expect.arrayContaining(sent))
  const again = events.filter(({ event_type }) => event_type === 'APP_STORE_SEND_AGAIN').length
  for (const kind of ['provisioning', 'deprovisioning'] as const)
    for (const permissionId of (request.state as { permissionIds: string[] }).permissionIds) {
      const about = calls.filter((one) => one.kind === kind && one.permission_ids.includes(permissionId))
      expect(about.length, `${what}: ${kind} of ${permissionId}`).toBeLessThanOrEqual(1 + again)
    }
}
