import type { EventRead } from '@keyhook/contract/api/event.ts'
import { expect, test } from 'vitest'
import {
  aboutWords,
  actorPath,
  actorWords,
  changesOf,
  detailsOf,
  linksOf,
  targetPath,
  targetWords,
  valueWords,
} from '../src/components/event-words.ts'

type Actor = EventRead['event']['actor']
const actor = (actor_type: string, actor_data: Actor['actor_data']) => ({ actor: { actor_type, actor_data } })

test('Who did it is told by name, and what is no person is told as such', () => {
  const ada = { id: 'usr_1', given_name: 'Ada', family_name: 'Lovelace', email: 'ada@example.com' }
  expect(actorWords(actor('USER', ada))).toBe('Ada Lovelace')
  expect(actorWords(actor('USER', { ...ada, given_name: '', family_name: '' }))).toBe('ada@example.com')
  expect(actorWords(actor('API_KEY', { given_name: 'ci', family_name: '', email: '' }))).toBe('ci (API key)')
  expect(actorWords(actor('SYSTEM', {}))).toBe('Keyhook')
  expect(actorWords(actor('SERVICE', { name: 'vpn' }))).toBe('vpn (SERVICE)')
  expect(actorWords(actor('USER', {}))).toBe('Somebody')
})

test('Only users of the directory have a page', () => {
  expect(actorPath(actor('USER', { id: 'usr_1' }))).toBe('/users/usr_1')
  expect(actorPath(actor('API_KEY', { id: 'key_1' }))).toBeNull()
  expect(actorPath(actor('USER', { id: 7 }))).toBeNull()
})

test('What it is about is named and linked by its id', () => {
  const app = { target_type: 'APP', target_data: { id: 'app_1', name: 'Billing' } }
  const rule = { target_type: 'PRE_APPROVAL_RULE', target_data: { id: 'par_1' } }
  const request = { target_type: 'ACCESS_REQUEST', target_data: { id: 'req_1' } }
  expect(targetWords(app)).toBe('Billing')
  expect(targetWords(rule)).toBe('Pre approval rule')
  expect(targetPath(app)).toBe('/apps/app_1')
  expect(targetPath(rule)).toBeNull()
  expect(targetPath({ target_type: 'X', target_data: { id: 'app_../../x' } })).toBe('/apps/app_..%2F..%2Fx')
  expect(aboutWords({ targets: [request, app, rule] })).toBe('Billing')
})

test('A change is told member by member, and the rest apart from it', () => {
  const event_metadata = {
    before: { name: 'A', admins: ['usr_1'] },
    after: { name: 'B', icon: null },
    reason: 'Renamed',
    delivery_id: null,
  }
  expect(changesOf({ event_metadata })).toEqual([
    { name: 'name', before: 'A', after: 'B' },
    { name: 'admins', before: ['usr_1'], after: undefined },
    { name: 'icon', before: undefined, after: null },
  ])
  expect(detailsOf({ event_metadata })).toEqual({ reason: 'Renamed' })
  expect(changesOf({ event_metadata: { before: 'text', after: ['list'] } })).toEqual([])
})

test('A value is one line of text', () => {
  expect([null, undefined, 'x', 3, ['a'], { b: 1 }].map(valueWords)).toEqual([
    ...['', '', 'x', '3', '["a"]', '{"b":1}'],
  ])
})

test('Pages that the details name are linked', () => {
  const event_metadata = {
    delivery_id: 'dlv_1',
    webhook_id: 'wh_2',
    reason: 'dlv',
    count: 3,
    key_id: 'key_1',
  }
  expect(linksOf({ event_metadata })).toEqual([
    ['Delivery', '/deliveries/dlv_1'],
    ['Webhook', '/webhooks/wh_2'],
  ])
})
