import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { ImportReport } from '@keyhook/contract/api/user-import.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
// What the log still numbers ends first.
afterAll(() => service.stop(), 300_000)

const count = 100_000
/** Everyone is managed by somebody whose row comes later; ten groups. */
const row = (index: number, title = 'Clerk') =>
  [
    `user${index}@large.example`,
    `Given ${index}`,
    'Family',
    title,
    index + 1 < count ? `user${Math.min(count - 1, index * 2 + 1)}@large.example` : '',
    `Group ${index % 10};Everyone`,
  ].join(',')
const header = 'email,given_name,family_name,title,manager_email,groups'
const fileOf = (more: (index: number) => string) =>
  [header, ...Array.from({ length: count }, (_, index) => more(index))].join('\r\n')
const send = <Body>(raw: string) =>
  service.api<Body>('POST', '/users/import', undefined, { raw, headers: { 'content-type': 'text/csv' } })

test('100,000 users are imported in one change, none of them when one is wrong', {
  timeout: 600_000,
}, async () => {
  const wrong = fileOf((index) => row(index, index === count - 1 ? '=1' : 'Clerk'))
  const refused = await send<Problem>(wrong)
  expect(refused.body.errors).toMatchObject([{ pointer: `/rows/${count + 1}/title` }])
  const users = () => service.api<{ data: unknown[] }>('GET', '/users?limit=1')
  expect((await users()).body.data).toEqual([])

  const done = await send<ImportReport>(fileOf((index) => row(index)))
  expect(done.body).toMatchObject({
    rows: count,
    create: count,
    wrong: 0,
    memberships_added: 2 * count,
  })
  const stored = await service.ctx.db
    .selectFrom('users')
    .select(({ fn }) => [fn.countAll<string>().as('all'), fn.count<string>('manager_id').as('managed')])
    .executeTakeFirstOrThrow()
  expect([Number(stored.all), Number(stored.managed)]).toEqual([count, count - 1])
})
