import type { LastUsedImportResult } from '@keyhook/contract/api/last-used.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import { expect, test } from 'vitest'
import { addApp, addGrant, addPerson, grantNow, sessionOf } from '../reviews/company.ts'
import type { ApiOptions } from '../support/harness.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service } = serviceWithReceiver()

function send(raw: string | Uint8Array, query = '', options: ApiOptions = {}) {
  const headers = { 'content-type': 'text/csv', ...options.headers }
  const path = `/grants/last-used/import?${query}`
  return service.api<LastUsedImportResult & Pick<Problem, 'code' | 'detail'>>('POST', path, undefined, {
    ...options,
    raw,
    headers,
  })
}

async function holders(count: number) {
  const app = await addApp(service, 'Ledger, "big"')
  const made = []
  for (let index = 0; index < count; index++) {
    const person = await addPerson(service, 'Ann')
    made.push({ person, grant: await addGrant(service, person, app) })
  }
  return { app, made }
}

const usedAt = async (grant: { id: string } | undefined) =>
  (await grantNow(service, grant ?? { id: '' })).last_used_at

test('a file names access by id or by who has what, its times in full or as dates', async () => {
  const { app, made } = await holders(3)
  const [one, two, three] = made
  const file = [
    'Grant ID;user_email;app;permission;last used at',
    `${one?.grant.id};;;;2026-01-02`,
    `;${two?.person.email};${app.id};Viewer;2026-01-03T04:05:06Z`,
    ';;;;',
    `;${three?.person.email};${app.id};"viewer";2026-01-04`,
  ].join('\r\n')
  const dry = await send(`\ufeff${file}`, 'dry_run=true')
  expect([dry.status, dry.body], dry.text).toEqual([
    200,
    {
      dry_run: true,
      rows: 3,
      updated: 3,
      unchanged: 0,
      ignored: 0,
      notices_cancelled: 0,
      wrong: 0,
      errors: [],
    },
  ])
  expect(await usedAt(one?.grant)).toBeNull()
  expect((await send(file)).body).toMatchObject({ dry_run: false, updated: 3 })
  expect(await usedAt(one?.grant)).toBe('2026-01-02T00:00:00.000Z')
  expect(await usedAt(two?.grant)).toBe('2026-01-03T04:05:06.000Z')
  expect((await send(file)).body).toMatchObject({ updated: 0, unchanged: 3 })
})

test('nothing of a file is stored when a row of it is wrong; each is told with its row', async () => {
  const { app, made } = await holders(1)
  const file = [
    'user_email,app,permission,last_used_at,grant_id',
    `${made[0]?.person.email},${app.id},viewer,2026-01-02,`,
    `nobody@example.com,${app.id},viewer,2026-01-02,`,
    `${made[0]?.person.email},${app.id},viewer,yesterday,`,
    `,,,2026-01-02,`,
    `a,b`,
    `${made[0]?.person.email},${app.id},viewer,2999-01-02,`,
  ].join('\n')
  const wrong = [
    { row: 3, column: null, detail: 'There is no user with this e-mail address.' },
    { row: 4, column: 'last_used_at', detail: expect.any(String) },
    { row: 5, column: null, detail: 'Give grant_id, or user_email, app and permission.' },
    { row: 6, column: null, detail: expect.stringContaining('The first row has 5 cells and this one 2.') },
    { row: 7, column: null, detail: 'last_used_at is in the future.' },
  ]
  const dry = await send(file, 'dry_run=true')
  expect([dry.status, dry.body]).toEqual([
    200,
    expect.objectContaining({ rows: 6, updated: 1, wrong: 5, errors: wrong }),
  ])
  const refused = await send(file)
  expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed'])
  expect(refused.body.errors).toContainEqual({ pointer: '/rows/4/last_used_at', detail: expect.any(String) })
  expect(await usedAt(made[0]?.grant)).toBeNull()
  const lenient = await send(file.split('\n').slice(0, 3).join('\n'), 'ignore_unknown=true')
  expect(lenient.body).toMatchObject({ rows: 2, updated: 1, ignored: 1, wrong: 0 })
})

test.each([
  ['an empty file', '', 422, 'csv_unreadable'],
  ['columns that are not known', 'grant_id,when\nx,y', 422, 'csv_unreadable'],
  ['no time', 'grant_id\nx', 422, 'csv_unreadable'],
  ['a quote that never ends', 'grant_id,last_used_at\n"x,y', 422, 'csv_unreadable'],
  ['another encoding', new Uint8Array([0xff, 0xfe, 0x67, 0x00]), 422, 'csv_unreadable'],
  ['bytes that are no text', new Uint8Array([0x67, 0xe9, 0x0a]), 422, 'csv_unreadable'],
])('%s is refused', async (_title, raw, status, code) => {
  const answer = await send(raw)
  expect([answer.status, answer.body.code], answer.text).toEqual([status, code])
})

test('JSON is refused, and so is who is no administrator', async () => {
  const json = await send('{}', '', { headers: { 'content-type': 'application/json' } })
  expect(json.body.code).toBe('unsupported_media_type')
  const person = await sessionOf(service, await addPerson(service, 'Ann'))
  expect((await send('grant_id,last_used_at\n', '', person)).status).toBe(404)
  expect((await send('grant_id,last_used_at\n', '', { key: null })).status).toBe(401)
})

test('a file of very many rows is read, of which each use counts once', async () => {
  const { made } = await holders(1)
  const rows = Array.from({ length: 50_000 }, (_, index) => {
    const day = new Date(Date.UTC(2020, 0, 1) + (index % 1_500) * 86_400_000).toISOString()
    return `${made[0]?.grant.id},${day}`
  })
  const answer = await send(`grant_id,last_used_at\n${rows.join('\n')}`)
  expect(answer.body, answer.text).toMatchObject({ rows: 50_000, updated: 1, wrong: 0 })
  expect(await usedAt(made[0]?.grant)).toBe('2024-02-08T00:00:00.000Z')
})
