import { expect, test } from 'vitest'
import { serviceForTest } from '../support/harness.ts'

type Refs = { data: { id: string; name: string; kind: string; active: boolean }[] }
type Made = { id: string }

test('users and groups are found by a part of their name, and named by their ids', async () => {
  const service = await serviceForTest()
  const { body: ada } = await service.api<Made>('POST', '/users', {
    email: 'ada@example.com',
    given_name: 'Ada',
    family_name: 'Lovelace',
  })
  const { body: bob } = await service.api<Made>('POST', '/users', { email: 'bob@example.com' })
  const { body: group } = await service.api<Made>('POST', '/groups', { name: 'Adamants 100%' })
  const find = async (query: string) => (await service.api<Refs>('GET', `/principals?${query}`)).body.data

  expect(await find('q=ada')).toEqual([
    { id: group.id, name: 'Adamants 100%', kind: 'group', active: true },
    { id: ada.id, name: 'Ada Lovelace', kind: 'user', active: true },
  ])
  expect(await find('q=ada&kind=user')).toHaveLength(1)
  expect(await find('q=%25')).toHaveLength(1)
  expect((await find('')).map(({ id }) => id)).toEqual([group.id, bob.id, ada.id])
  expect(await find(`ids=${bob.id},${group.id},usr_gone,administrators`)).toHaveLength(2)

  await service.api('PATCH', `/users/${bob.id}`, { status: 'inactive' })
  expect(await find('q=bob')).toEqual([])
  expect(await find(`ids=${bob.id}`)).toMatchObject([{ name: 'bob@example.com', active: false }])

  const tooMany = Array.from({ length: 201 }, (_none, index) => `usr_${index}`).join(',')
  expect((await service.api('GET', `/principals?ids=${tooMany}`)).status).toBe(422)
})
