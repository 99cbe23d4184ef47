import type { NoticeChannelRead } from '@keyhook/contract/api/notice.ts'
import type { UserRead } from '@keyhook/contract/api/user.ts'
import { expect, test } from 'vitest'
import { ApiError, UnreachableError } from '../src/api-error.ts'
import { channelMembers, channelProblems, channelValuesOf } from '../src/forms/channel-values.ts'
import { importProblem } from '../src/forms/import-problem.ts'
import { moved } from '../src/forms/moved.ts'
import { simulateBody, simulateProblems } from '../src/forms/simulate-values.ts'
import { userMembers, userValuesOf } from '../src/forms/user-values.ts'

const times = { created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' }
const ada = { id: 'usr_2', name: 'Ada Lovelace', email: 'ada@example.com' }
const user: UserRead = {
  id: 'usr_1',
  user_name: 'ghopper',
  email: 'grace@example.com',
  given_name: 'Grace',
  family_name: 'Hopper',
  title: null,
  department: 'Navy',
  manager_id: 'usr_2',
  status: 'active',
  role: 'admin',
  name: 'Grace Hopper',
  manager: ada,
  source: 'manual',
  external_id: null,
  deactivated_at: null,
  ...times,
}

test('An untouched edit of a user sends what is saved, and nothing about the status', () => {
  expect(userMembers(userValuesOf(user))).toEqual({
    user_name: 'ghopper',
    email: 'grace@example.com',
    given_name: 'Grace',
    family_name: 'Hopper',
    title: null,
    department: 'Navy',
    manager_id: 'usr_2',
    role: 'admin',
  })
})

test('An empty user name is the e-mail address', () => {
  expect(userMembers({ ...userValuesOf(user), user_name: ' ' }).user_name).toBe('grace@example.com')
  expect(userMembers(userValuesOf(null))).not.toHaveProperty('user_name')
})

const channel: NoticeChannelRead = {
  id: 'nch_1',
  name: '#it',
  kind: 'teams',
  host: 'chat.example.com',
  app_ids: null,
  kinds: ['approval_asked'],
  enabled: true,
  ...times,
}

test('The URL of a channel stays with the server until another is entered', () => {
  const values = channelValuesOf(channel)
  expect(channelMembers(values, false)).toEqual({
    name: '#it',
    kind: 'teams',
    app_ids: null,
    kinds: ['approval_asked'],
    enabled: true,
  })
  expect(channelMembers({ ...values, url: ' https://a.example/x ' }, false).url).toBe('https://a.example/x')
  expect(channelMembers(channelValuesOf(null), true).url).toBe('')
})

test('A channel for some, but for none of them, is not sent', () => {
  const values = { ...channelValuesOf(channel), about: 'some' as const, kinds: [] }
  expect(Object.keys(channelProblems(values))).toEqual(['app_ids', 'kinds'])
  expect(channelProblems(channelValuesOf(channel))).toEqual({})
})

test('A made-up request is for the one who asks, and leaves out what is not answered', () => {
  const values = {
    person: ada,
    permission_ids: ['perm_1'],
    length: 'none',
    custom_length: { count: 14, unit: 'days' as const },
    business_justification: '',
    answers: { Ticket: '', Region: ['EU'], Sure: false, Other: null },
    webhooks: 'ask' as const,
  }
  expect(simulateBody(values)).toEqual({
    requester_id: 'usr_2',
    target_user_id: 'usr_2',
    permission_ids: ['perm_1'],
    access_length_seconds: null,
    business_justification: '',
    custom_fields: { Region: ['EU'], Sure: false },
    webhooks: 'ask',
  })
  expect(Object.keys(simulateProblems({ ...values, person: null, permission_ids: [] }))).toEqual([
    'person',
    'permission_ids',
  ])
})

test('An item moves to its place, and the others keep their order', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
  expect(moved(['a'], 5, 0)).toEqual(['a'])
})

test('What is wrong with a file as a whole is said at the file', () => {
  const refusal = new ApiError({
    type: 'about:blank',
    title: 'Some members are not valid',
    status: 422,
    detail: 'Some members are not valid.',
    code: 'validation_failed',
    errors: [{ pointer: '', detail: 'The file is not UTF-8.' }],
    trace_id: '1',
  })
  expect(importProblem(refusal)).toBe('The file is not UTF-8.')
  expect(importProblem(new UnreachableError())).toMatch(/cannot be reached/)
  expect(importProblem(null)).toBeUndefined()
})
