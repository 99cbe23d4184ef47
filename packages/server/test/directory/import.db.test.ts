import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { UserDetail, UserRead } from '@keyhook/contract/api/user.ts'
import type { ImportReport } from '@keyhook/contract/api/user-import.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'
import { makePerson, makeUser, type Person } from '../support/person.ts'
import { eventsAbout } from './events-about.ts'

let service: TestService
let admin: Person
beforeAll(async () => {
  service = await startTestService()
  admin = await makePerson(service, 'admin@example.com', { role: 'admin' })
})
afterAll(() => service.stop())

type Bytes = string | Uint8Array
const send = <Body = ImportReport>(file: Bytes, query = '', type = 'text/csv') =>
  service.api<Body>('POST', `/users/import${query}`, undefined, {
    raw: file,
    headers: { 'content-type': type },
  })
const preview = (file: Bytes) => send(file, '?dry_run=true')
const lines = (...rows: string[]) => `${rows.join('\r\n')}\r\n`
const userOf = async (email: string) => {
  const found = await service.api<{ data: UserRead[] }>('GET', `/users?q=${encodeURIComponent(email)}`)
  const id = found.body.data.find((user) => user.email === email)?.id
  return id ? (await service.api<UserDetail>('GET', `/users/${id}`)).body : null
}
const groupNames = async (email: string) => (await userOf(email))?.groups.map(({ name }) => name)
const countUsers = async () =>
  Number(
    (
      await service.ctx.db
        .selectFrom('users')
        .select((select) => select.fn.countAll<string>().as('count'))
        .executeTakeFirstOrThrow()
    ).count,
  )

describe('an import', () => {
  test('makes users with managers and groups from anywhere in the file, and says so before', async () => {
    const file = lines(
      'email,user_name,given_name,family_name,title,department,manager_email,status,groups',
      'ada@first.example,ada,Ada,Lovelace,Analyst,R&D,Bob@first.example,active,Research; Everyone',
      'bob@first.example,,"Bob, Jr.","O""Hara",Head,,,,Everyone',
      'cyd@first.example,,,,,,,INACTIVE,',
    )
    const told = {
      dry_run: true,
      rows: 3,
      create: 3,
      change: 0,
      unchanged: 0,
      wrong: 0,
      deactivate: 0,
      reactivate: 0,
      groups: ['Research', 'Everyone'],
      memberships_added: 3,
      memberships_removed: 0,
      errors: [],
    }
    expect(await preview(file)).toMatchObject({ status: 200, body: told })
    expect(await userOf('ada@first.example')).toBeNull()
    const done = await send(file)
    expect(done).toMatchObject({ status: 200 })
    expect(done.body).toEqual({ ...told, dry_run: false })
    const ada = await userOf('ada@first.example')
    expect(ada).toMatchObject({
      user_name: 'ada',
      name: 'Ada Lovelace',
      title: 'Analyst',
      department: 'R&D',
      manager: { email: 'bob@first.example', name: 'Bob, Jr. O"Hara' },
      status: 'active',
      role: 'person',
      source: 'csv',
      groups: [{ name: 'Everyone' }, { name: 'Research' }],
    })
    expect(await userOf('bob@first.example')).toMatchObject({
      user_name: 'bob@first.example',
      direct_reports: 1,
    })
    expect(await userOf('cyd@first.example')).toMatchObject({
      status: 'inactive',
      deactivated_at: expect.any(String),
    })
    expect((await eventsAbout(service, ada?.id ?? '')).map(({ type, metadata }) => [type, metadata])).toEqual(
      [
        [
          'DIRECTORY_CREATED_USER',
          { before: null, after: expect.objectContaining({ manager_id: ada?.manager_id, source: 'csv' }) },
        ],
      ],
    )
    expect(await send(file)).toMatchObject({
      body: { create: 0, change: 0, unchanged: 3, memberships_added: 0, groups: [] },
    })
  })

  test('changes what its columns name and leaves the rest; an empty cell clears', async () => {
    const user = await makeUser(service, 'Eve@change.example', {
      given_name: 'Eve',
      title: 'Clerk',
      department: 'Ops',
      role: 'admin',
    })
    await makeUser(service, 'absent@change.example', { title: 'Stays' })
    const file = lines('Title,Given Name,EMAIL', ',Eva,eve@CHANGE.example')
    expect((await preview(file)).body).toMatchObject({ change: 1, create: 0 })
    await send(file)
    expect(await userOf('Eve@change.example')).toMatchObject({
      id: user.id,
      given_name: 'Eva',
      title: null,
      department: 'Ops',
      role: 'admin',
      source: 'manual',
    })
    expect(await userOf('absent@change.example')).toMatchObject({ title: 'Stays', status: 'active' })
    expect((await eventsAbout(service, user.id)).at(-1)).toMatchObject({
      type: 'DIRECTORY_UPDATED_USER',
      metadata: { before: { given_name: 'Eve', title: 'Clerk' }, after: { given_name: 'Eva', title: null } },
    })
  })

  test('states the groups of a user, but for those that SCIM keeps', async () => {
    const { id } = await makeUser(service, 'gil@groups.example')
    const made = []
    for (const name of ['By hand', 'From IdP'])
      made.push((await service.api<{ id: string }>('POST', '/groups', { name })).body.id)
    for (const group of made) await service.api('PUT', `/groups/${group}/members/${id}`)
    await service.ctx.db
      .updateTable('groups')
      .set({ source: 'scim' })
      .where('name', '=', 'From IdP')
      .execute()
    const done = await send(lines('email;groups', 'gil@groups.example;"New;new;BY HAND"'))
    expect(done.body).toMatchObject({
      change: 1,
      groups: ['New'],
      memberships_added: 1,
      memberships_removed: 0,
    })
    expect(await groupNames('gil@groups.example')).toEqual(['By hand', 'From IdP', 'New'])
    expect((await send(lines('email,groups', 'gil@groups.example,From IdP'))).body).toMatchObject({
      memberships_added: 0,
      memberships_removed: 2,
    })
    expect(await groupNames('gil@groups.example')).toEqual(['From IdP'])
    await send(lines('email,title', 'gil@groups.example,Same'))
    expect(await groupNames('gil@groups.example')).toEqual(['From IdP'])
    const refused = await preview(lines('email,groups', 'new@groups.example,from idp'))
    expect(refused.body.errors).toMatchObject([{ row: 2, column: 'groups' }])
    expect(refused.body.errors[0]?.detail).toContain('SCIM')
  })

  test('deactivates whom it says: sessions end, offboarding begins; active takes it back', async () => {
    const person = await makePerson(service, 'leaver@status.example')
    const file = (status: string) => lines('email,status', `leaver@status.example,${status}`)
    expect((await send(file('Inactive'))).body).toMatchObject({ change: 1, deactivate: 1 })
    expect((await service.api('GET', '/me', undefined, person.as)).status).toBe(401)
    const offboardings = await service.ctx.db
      .selectFrom('offboardings')
      .select('reason')
      .where('user_id', '=', person.id)
      .execute()
    expect(offboardings).toEqual([{ reason: 'deactivated' }])
    // The offboarding may be over by now.
    const told = (await eventsAbout(service, person.id)).map(({ type }) => type)
    expect(told).toContain('DIRECTORY_DEACTIVATED_USER')
    expect((await send(file(''))).body).toMatchObject({ unchanged: 1 })
    expect((await send(file('active'))).body).toMatchObject({ change: 1, reactivate: 1 })
    expect(await userOf('leaver@status.example')).toMatchObject({ status: 'active', deactivated_at: null })
  })

  test('that came from a person is theirs in the log, with its counts', async () => {
    await service.api('POST', '/users/import', undefined, {
      key: null,
      raw: lines('email', 'theirs@log.example'),
      headers: { cookie: admin.cookie, 'content-type': 'text/csv; charset=utf-8' },
    })
    const user = await userOf('theirs@log.example')
    const told = await eventsAbout(service, user?.id ?? '')
    expect(told).toHaveLength(1)
    const summary = await service.ctx.db
      .selectFrom('event_inbox')
      .select('metadata')
      .where('type', '=', 'DIRECTORY_IMPORTED_USERS')
      .where('actor_id', '=', admin.id)
      .execute()
    const placed = await service.ctx.db
      .selectFrom('events')
      .select('metadata')
      .where('type', '=', 'DIRECTORY_IMPORTED_USERS')
      .where('actor_id', '=', admin.id)
      .execute()
    expect([...summary, ...placed][0]?.metadata).toMatchObject({ rows: 1, create: 1, change: 0 })
  })
})

describe('a row that is wrong', () => {
  test.each<[string, string, string, { row: number; column: string | null; detail: RegExp }[]]>([
    ['no address', 'email,title', ',Clerk', [{ row: 2, column: 'email', detail: /e-mail address/ }]],
    ['no real address', 'email', 'nobody', [{ row: 2, column: 'email', detail: /ada@example.com/ }]],
    [
      'formulas',
      'email,given_name,family_name,title,department,groups',
      '+1@a.example,@SUM(1),"\tx",-1,=1+1,a; =b',
      [
        { row: 2, column: 'email', detail: /Begins with \+/ },
        { row: 2, column: 'given_name', detail: /Begins with @/ },
        { row: 2, column: 'family_name', detail: /a tab/ },
        { row: 2, column: 'title', detail: /Begins with -/ },
        { row: 2, column: 'department', detail: /Begins with =/ },
        { row: 2, column: 'groups', detail: /Begins with =/ },
      ],
    ],
    [
      'an unknown status',
      'email,status',
      'a@a.example,gone',
      [{ row: 2, column: 'status', detail: /active or/ }],
    ],
    [
      'a line break in a name',
      'email,given_name',
      'a@a.example,"A\nB"',
      [{ row: 2, column: 'given_name', detail: /one line/ }],
    ],
    [
      'control and direction characters',
      'email,given_name,title',
      'a@a.example,A\u0007B,a\u202eb',
      [
        { row: 2, column: 'given_name', detail: /control/ },
        { row: 2, column: 'title', detail: /control/ },
      ],
    ],
    [
      'a name without end',
      'email,family_name',
      `a@a.example,${'x'.repeat(101)}`,
      [{ row: 2, column: 'family_name', detail: /100/ }],
    ],
    [
      'too few cells',
      'email,title,department',
      'a@a.example,Clerk',
      [{ row: 2, column: null, detail: /this one 2/ }],
    ],
    [
      'too many cells',
      'email,title',
      'a@a.example,Clerk, Ops',
      [{ row: 2, column: null, detail: /this one 3/ }],
    ],
    [
      'an unknown manager',
      'email,manager_email',
      'a@a.example,nobody@a.example',
      [{ row: 2, column: 'manager_email', detail: /Nobody has this address/ }],
    ],
    [
      'themself as manager',
      'email,manager_email',
      'a@a.example,A@a.example',
      [{ row: 2, column: 'manager_email', detail: /own manager/ }],
    ],
    [
      'the user name of another',
      'email,user_name',
      'a@a.example,ADMIN@example.com',
      [{ row: 2, column: 'user_name', detail: /another user/ }],
    ],
  ])('with %s is told by row and column', async (_what, header, row, expected) => {
    const before = await countUsers()
    const told = (await preview(lines(header, row))).body
    expect(told).toMatchObject({ rows: 1, wrong: 1, create: 0, unchanged: 0 })
    expect(told.errors).toEqual(
      expected.map(({ detail, ...at }) => ({ ...at, detail: expect.stringMatching(detail) })),
    )
    const refused = await send<Problem>(lines(header, row))
    expect(refused).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
    expect(refused.body.detail).toContain('nothing was imported')
    expect(refused.body.errors.map(({ pointer }) => pointer)).toEqual(
      expected.map(({ row, column }) => `/rows/${row}${column === null ? '' : `/${column}`}`),
    )
    expect(await countUsers()).toBe(before)
  })

  test('keeps all others out as well', async () => {
    const file = lines('email,groups', 'good@all.example,All or nothing', 'bad,', 'good2@all.example,')
    const refused = await send<Problem>(file)
    expect(refused.body.errors).toEqual([
      { pointer: '/rows/3/email', detail: expect.stringContaining('e-mail address') },
    ])
    expect(await userOf('good@all.example')).toBeNull()
    const groups = await service.api<{ data: unknown[] }>('GET', '/groups?q=All+or+nothing')
    expect(groups.body.data).toEqual([])
  })

  test('repeats an address or a user name of a row before', async () => {
    const file = lines(
      'email,user_name',
      'one@twice.example,one',
      'ONE@twice.example,two',
      'three@twice.example,ONE',
      'four@twice.example,three@twice.example',
    )
    expect((await preview(file)).body).toMatchObject({
      rows: 4,
      wrong: 2,
      create: 2,
      errors: [
        { row: 3, column: 'email', detail: 'Row 2 has this address already.' },
        { row: 4, column: 'user_name', detail: 'Row 2 has this user name already.' },
      ],
    })
  })

  test('closes a circle of managers, through the file or through the directory', async () => {
    const top = await makeUser(service, 'top@circle.example')
    await makeUser(service, 'middle@circle.example', { manager_id: top.id })
    const file = lines(
      'email,manager_email',
      'top@circle.example,new@circle.example',
      'new@circle.example,middle@circle.example',
      'beside@circle.example,new@circle.example',
    )
    const told = (await preview(file)).body
    expect(told.errors.map(({ row, column }) => [row, column])).toEqual([
      [2, 'manager_email'],
      [3, 'manager_email'],
    ])
    expect(told.errors[0]?.detail).toContain('circle')
    // Turned around in one file it is none.
    const turned = lines(
      'email,manager_email',
      'top@circle.example,middle@circle.example',
      'middle@circle.example,',
    )
    expect((await send(turned)).body).toMatchObject({ change: 2, wrong: 0 })
  })

  test('does not make the rows of those it manages wrong', async () => {
    const file = lines(
      'email,title,manager_email',
      'boss@wrong.example,=1,',
      'a@wrong.example,,boss@wrong.example',
    )
    expect((await preview(file)).body).toMatchObject({ wrong: 1, errors: [{ row: 2, column: 'title' }] })
  })

  test('would deactivate its own author, or the last administrator', async () => {
    const file = lines('email,status', 'admin@example.com,inactive')
    const own = await service.api<ImportReport>('POST', '/users/import?dry_run=true', undefined, {
      key: null,
      raw: file,
      headers: { cookie: admin.cookie, 'content-type': 'text/csv' },
    })
    expect(own.body.errors[0]?.detail).toContain('This is you')
    expect((await preview(file)).body.errors[0]?.detail).toContain('must stay administrator')
  })

  test('is counted as spreadsheets count, empty rows and rows of several lines included', async () => {
    const file = lines('email,title', 'a@count.example,', '', ',', '"b@count.example",', 'bad,')
    expect((await preview(file)).body).toMatchObject({ rows: 3, wrong: 1, errors: [{ row: 6 }] })
  })

  test('is one of at most 1,000 that are told, and of 100 in a problem', async () => {
    const file = lines('email', ...Array.from({ length: 1_200 }, (_, index) => `bad${index}`))
    const told = (await preview(file)).body
    expect([told.wrong, told.errors.length]).toEqual([1_200, 1_000])
    expect((await send<Problem>(file)).body.errors).toHaveLength(100)
  })
})

describe('a file', () => {
  const simple = 'email,given_name\r\nzoe@format.example,Zoë\r\n'
  const utf16 = Buffer.from(`\ufeff${simple}`, 'utf16le')

  test.each<[string, Bytes]>([
    ['UTF-8 with a byte order mark', `\ufeff${simple}`],
    ['line feeds only', simple.replaceAll('\r\n', '\n')],
    ['carriage returns only', simple.replaceAll('\r\n', '\r')],
    ['no end of line at its end', simple.trimEnd()],
    ['semicolons, as Excel writes where the comma is the decimal sign', simple.replaceAll(',', ';')],
    ['tabs', simple.replaceAll(',', '\t')],
    ['quotes around everything', '"email","given_name"\r\n"zoe@format.example","Zoë"\r\n'],
    ['empty columns at the end', 'email,given_name,,\r\nzoe@format.example,Zoë,,\r\n'],
  ])('with %s is read', async (_what, file) => {
    expect((await preview(file)).body).toMatchObject({ rows: 1, wrong: 0, create: 1 })
  })

  test.each<[string, Bytes, RegExp]>([
    ['nothing in it', '', /empty/],
    ['spaces only', '  \r\n', /email/],
    ['UTF-16', utf16, /UTF-16.*CSV UTF-8/],
    ['UTF-16 without a mark', utf16.subarray(2), /zero byte.*CSV UTF-8/],
    ['UTF-16 of the other order', Buffer.from(utf16).swap16(), /UTF-16/],
    ['Latin-1', Buffer.from(simple, 'latin1'), /line 2.*Latin-1.*CSV UTF-8/],
    ['a workbook', Buffer.from('PK\x03\x04\x14\x00'), /workbook/],
    [
      'an unknown column',
      'email,salary,=cmd\r\na@a.example,1,2',
      /"salary", "=cmd".*Known are email, user_name/,
    ],
    ['a column twice', 'email,title,Title\r\na@a.example,1,2', /title twice/],
    ['no address column', 'given_name\r\nAda', /must name the column email/],
    ['no names of columns', 'ada@example.com,Ada\r\n', /not known/],
    ['a quote that never ends', 'email,title\r\na@a.example,"Clerk\r\n', /never ends/],
    ['a quote within a cell', 'email,title\r\na@a.example,5" disk\r\n', /Line 2.*quote/],
    ['a cell without end', `email,title\r\na@a.example,"${'x'.repeat(70_000)}"`, /65,536/],
    ['more than 200,000 users', `email\n${'a\n'.repeat(200_001)}`, /200,000/],
  ])('with %s is refused, and says what would be right', async (_what, file, words) => {
    for (const query of ['', '?dry_run=true']) {
      const refused = await send<Problem>(file, query)
      expect(refused).toMatchObject({ status: 422, body: { code: 'csv_unreadable' } })
      expect(refused.body.detail).toMatch(words)
    }
  })

  test('over 32 MiB is refused', async () => {
    const refused = await send<Problem>(`email\n${' '.repeat(32 * 1_048_576)}`)
    expect(refused).toMatchObject({ status: 413, body: { code: 'body_too_large' } })
    expect(refused.body.detail).toContain('32 MiB')
  })

  test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x'])(
    'sent as %s is refused, and says how to send it',
    async (type) => {
      const refused = await send<Problem>(simple, '', type)
      expect(refused).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
      expect(refused.body.detail).toContain('text/csv')
    },
  )

  test('with a query that is not known is refused', async () => {
    expect((await send(simple, '?dry_run=maybe')).status).toBe(422)
    expect((await send(simple, '?force=true')).status).toBe(422)
  })
})
