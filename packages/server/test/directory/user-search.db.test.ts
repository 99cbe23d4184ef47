/** Searching people in a large directory. What the database does is asked from the database: `explain`. */
import type { UserRead } from '@keyhook/contract/api/user.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { activeUsers } from '../../src/directory/user-search.ts'
import { usersFound } from '../../src/directory/user-store.ts'
import { startTestService, type TestService } from '../support/harness.ts'
import { makeUser } from '../support/person.ts'

const many = 100_000

let service: TestService
beforeAll(async () => {
  service = await startTestService()
  await sql`
    insert into users (id, user_name, given_name, family_name, email, status, role, source, created_at, updated_at)
    select 'usr_' || lpad(n::text, 10, '0'), 'p' || n || '@example.com',
      (array['Ann', 'Ben', 'Chloé', 'Dmitri', 'Eve', 'Farid', 'Grace', 'Hiro'])[1 + n % 8],
      (array['Adams', 'Brown', 'Çelik', 'Dubois', 'Evans', 'Fischer', 'García'])[1 + n % 7] || n,
      'p' || n || '@example.com', 'active', 'person', 'manual', now(), now()
    from generate_series(1, ${sql.lit(many)}) as n`.execute(service.ctx.db)
  await makeUser(service, 'zoe.quist@example.org', { given_name: 'Zoë', family_name: "O'Quist_100%" })
  await makeUser(service, 'wei@example.org', { given_name: '小明', family_name: '王' })
  await sql`analyze users`.execute(service.ctx.db)
}, 120_000)
afterAll(() => service.stop())

const names = async (path: string) =>
  (await service.api<{ data: UserRead[] }>('GET', path)).body.data.map(({ email }) => email)

describe('a search', () => {
  test.each([
    ['part of a name', 'quist'],
    ['in any letter case', "O'QUIST"],
    ['given and family name', "zoë o'quist"],
    ['an address', 'zoe.quist@'],
    ['signs that mean something to the database', '_100%'],
    ['two letters', 'qu'],
    ['spaces around it', '  quist '],
  ])('finds by %s', async (_what, q) => {
    expect(await names(`/users?q=${encodeURIComponent(q)}`)).toEqual(['zoe.quist@example.org'])
    expect(await names(`/people?q=${encodeURIComponent(q)}`)).toEqual(['zoe.quist@example.org'])
  })

  test('finds names without letter case, and by their first sign', async () => {
    expect(await names(`/users?q=${encodeURIComponent('小明')}`)).toEqual(['wei@example.org'])
    expect(await names(`/users?q=${encodeURIComponent('王')}`)).toEqual(['wei@example.org'])
    expect(await names('/users?q=z')).toEqual(['zoe.quist@example.org'])
  })

  test('finds nobody by what nobody is called', async () => {
    expect(await names('/users?q=xqzx')).toEqual([])
    expect(await names('/users?q=%25')).toEqual([])
    expect(await names('/people?q=_%25')).toEqual([])
  })
})

describe('no search reads the whole table', () => {
  const searches = ['quist', 'p77777@', 'ann', 'example', 'ç', 'a', 'qz', 'zz', '小明', '']
  const page = {
    status: undefined,
    role: undefined,
    groupId: undefined,
    managerId: undefined,
    after: null,
    limit: 50,
  }

  test.each(searches)('of users by "%s"', async (q) => {
    const plan = await usersFound(service.ctx.db, { ...page, q }).explain('json')
    expect(scansIn(plan)).not.toContain('Seq Scan')
  })

  test.each(searches)('of colleagues by "%s"', async (q) => {
    const plan = await activeUsers(service.ctx.db, { q, limit: 20 }).explain('json')
    expect(scansIn(plan)).not.toContain('Seq Scan')
  })

  test.each(['quist', 'ann', 'a'])('of what an administrator filters besides: "%s"', async (q) => {
    const plan = await usersFound(service.ctx.db, { ...page, q, status: 'inactive', role: 'admin' }).explain(
      'json',
    )
    expect(scansIn(plan)).not.toContain('Seq Scan')
  })
})

/** The kinds of steps of a plan. */
function scansIn(plan: unknown): string[] {
  const kinds = [...JSON.stringify(plan).matchAll(/"Node Type":"([^"]+)"/g)].map(([, kind]) => kind ?? '')
  expect(kinds.length).toBeGreaterThan(0)
  return kinds
}
