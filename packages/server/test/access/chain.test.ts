import type { ChainPart, ChainStep, WebhookRef } from '@keyhook/contract/api/chain.ts'
import { describe, expect, test } from 'vitest'
import { chainOf } from '../../src/access/chain.ts'
import type { ChainFacts } from '../../src/access/chain-facts.ts'
import { lengthText, listed } from '../../src/access/chain-words.ts'
import { idOf, setupOf } from './setup-of.ts'

const wh = (digits: string) => idOf('wh', digits)
const [ada, bob, gone] = [idOf('usr', 'ada'), idOf('usr', 'b0b'), idOf('usr', '0')]
const [one, two] = [idOf('perm', '1'), idOf('perm', '2')]

function facts({
  admins = [ada],
  webhooks = [],
  oneEach = [],
}: {
  admins?: string[]
  webhooks?: Partial<WebhookRef>[]
  oneEach?: string[]
} = {}): ChainFacts {
  const refs = webhooks.map((more, index) => ({
    id: wh(String(index + 1)),
    name: `Hook ${index + 1}`,
    enabled: true,
    condition: null,
    ...more,
  }))
  return {
    webhooks: new Map(refs.map((ref) => [ref.id, ref])),
    principals: new Map([
      [ada, { id: ada, name: 'Ada', kind: 'user', active: true }],
      [bob, { id: bob, name: 'Bob', kind: 'user', active: false }],
    ]),
    approvers: {
      requesterId: '',
      targetId: '',
      managerId: null,
      appAdminIds: admins,
      active: new Set([ada]),
      members: new Map(),
    },
    oneEach: new Set(oneEach),
  }
}

const stepOf = (kind: ChainStep['kind'], setup: Parameters<typeof setupOf>[0], known = facts()) => {
  const step = chainOf(setupOf(setup), known).find((other) => other.kind === kind)
  if (!step) throw new Error(kind)
  return step
}
const partsOf = (...given: Parameters<typeof stepOf>) => stepOf(...given).parts
const problems = (parts: readonly ChainPart[]) => parts.flatMap(({ problem }) => problem ?? [])
const named = (...principal_ids: string[]) => ({ type: 'named', principal_ids })

test('every step is there once, in the order in which a request goes', () => {
  const kinds = chainOf(setupOf({}), facts()).map(({ kind }) => kind)
  expect(kinds).toEqual([
    ...['intake', 'validation', 'pre_approval', 'approval', 'provisioning', 'expiry', 'deprovisioning'],
  ])
})

describe('request', () => {
  test('tells the questions, who may ask and what for', () => {
    const step = stepOf('intake', {
      app: {
        visible_to: [ada],
        request_for_others: false,
        intake_fields: [
          { label: 'Ticket', type: 'text', required: true, shown_when: 'payload.access_length == null' },
        ],
      },
      permissions: { [one]: { label: 'Read' }, [two]: { label: 'Old' } },
      archived: [two],
    })
    expect(step.text).toBe(
      'The requester chooses permissions and a length, gives a justification and answers a question.',
    )
    expect(step.parts.map(({ label, text }) => [label, text])).toEqual([
      ['Who may ask', 'Ada, only for themself.'],
      ['Permissions', 'Read.'],
      ['Ticket', 'Text, required. Asked for when `payload.access_length == null`.'],
    ])
    expect(problems(step.parts)).toEqual([])
  })

  test('says that there is nothing to ask for, and nobody who may', () => {
    expect(problems(partsOf('intake', { app: { visible_to: [bob] } }))).toEqual([
      'None of those who may ask is active: only app admins and administrators can.',
      'There are none yet, so nothing can be requested.',
    ])
  })
})

describe('webhooks', () => {
  const validation = (digits: string, failure_policy = 'refuse') => ({
    webhooks: { request_validation: { webhook_id: wh(digits), failure_policy } },
  })

  test('validation of the app and of its permissions, with what happens when one fails', () => {
    const setup = {
      app: validation('1'),
      permissions: { [one]: { label: 'Read', ...validation('2', 'continue') } },
    }
    const parts = partsOf('validation', setup, facts({ webhooks: [{}, { condition: 'true' }] }))
    expect(parts).toMatchObject([
      { label: 'Every request', text: 'When it fails, the request is refused.', problem: null },
      { label: 'Requests for Read', text: 'When it fails, the request goes on.', problem: null },
    ])
    expect(parts[1]?.webhooks).toEqual([{ id: wh('2'), name: 'Hook 2', enabled: true, condition: 'true' }])
    expect(stepOf('validation', {}).text).toBe('No webhook checks the request.')
  })

  test.each<[string, object, string]>([
    ['refuse', { enabled: false }, '“Hook 1” is disabled, so requests are refused.'],
    ['continue', { enabled: false }, '“Hook 1” is disabled, so requests go on unchecked.'],
    ['refuse', { id: wh('9') }, 'A webhook was deleted, so requests are refused.'],
  ])('%s: a webhook that cannot be asked is a problem: %o', (policy, webhook, problem) => {
    const parts = partsOf('validation', { app: validation('1', policy) }, facts({ webhooks: [webhook] }))
    expect(problems(parts)).toEqual([problem])
  })

  test('provisioning: its own webhook for a permission, that of the app for the others, and who does it by hand', () => {
    const provisioning = (digits: string) => ({ webhooks: { provisioning: { webhook_id: wh(digits) } } })
    const setup = {
      app: provisioning('1'),
      permissions: { [one]: { label: 'Read', ...provisioning('2') }, [two]: { label: 'Write' } },
    }
    const known = facts({ webhooks: [{}, { condition: 'true' }], oneEach: [wh('1')] })
    expect(partsOf('provisioning', setup, known).map(({ label, text }) => [label, text])).toEqual([
      ['Read', 'One delivery for all. When its condition does not hold, the webhook of the app is asked.'],
      ['Other permissions', 'One delivery for each permission.'],
      ['By hand', 'Tasks go to Ada.'],
    ])
    const { text, parts } = stepOf('deprovisioning', setup)
    expect(text).toBe('When access ends, it is removed by hand. The app admins get a task.')
    expect(parts).toHaveLength(1)
  })

  test('permissions without a webhook are named when others have one', () => {
    const setup = {
      permissions: {
        [one]: { label: 'Read', webhooks: { deprovisioning: { webhook_id: wh('1') } } },
        [two]: { label: 'Write' },
      },
    }
    const parts = partsOf('deprovisioning', setup, facts({ webhooks: [{ enabled: false }] }))
    expect(parts.map(({ label, problem }) => [label, problem])).toEqual([
      ['Read', '“Hook 1” is disabled, so a person has to do it each time.'],
      ['Other permissions', null],
      ['By hand', null],
    ])
  })

  test('an app without active app admins is a problem', () => {
    const problem = 'The app has no active app admins: the administrators get its tasks.'
    expect(problems(partsOf('provisioning', {}, facts({ admins: [] })))).toEqual([problem])
    expect(problems(partsOf('provisioning', {}, facts({ admins: [bob] })))).toEqual([problem])
  })
})

describe('pre-approval', () => {
  const partsWith = (rule: object, known = facts()) =>
    partsOf('pre_approval', { permissions: { [one]: { label: 'Read' } }, rules: { Quick: rule } }, known)

  test.each<[object, string]>([
    [{}, 'Holds for everyone, all permissions.'],
    [
      { user_ids: [ada], permission_ids: [one], access_length_seconds: 7_200 },
      'Holds for Ada, Read, up to 2 hours.',
    ],
    [
      { condition: 'true', enabled: false },
      'Disabled. It would hold for everyone, all permissions, when `true`.',
    ],
    [{ webhook_ids: [wh('1')] }, 'Holds for everyone, all permissions, if the webhook says yes.'],
    [
      { webhook_ids: [wh('1'), wh('2')] },
      'Holds for everyone, all permissions, if all of the webhooks say yes.',
    ],
  ])('%o', (rule, text) => {
    expect(partsWith(rule, facts({ webhooks: [{}, {}] }))).toMatchObject([
      { label: 'Quick', text, problem: null },
    ])
  })

  test.each<[object, string]>([
    [{ user_ids: [bob, gone] }, 'Nobody whom it names is active any more.'],
    [{ permission_ids: [two] }, 'None of its permissions can be requested any more.'],
    [{ webhook_ids: [wh('1')] }, '“Hook 1” is disabled, so the rule never holds.'],
    [{ webhook_ids: [wh('1'), wh('2')] }, '“Hook 1” and “Hook 2” are disabled, so the rule never holds.'],
    [{ webhook_ids: [wh('1')], failure_policy: 'refuse' }, '“Hook 1” is disabled, so requests are refused.'],
    [{ webhook_ids: [wh('1'), wh('9')] }, 'A webhook was deleted, so the rule never holds.'],
  ])('is told when it cannot hold: %o', (rule, problem) => {
    expect(problems(partsWith(rule, facts({ webhooks: [{ enabled: false }, { enabled: false }] })))).toEqual([
      problem,
    ])
  })

  test('a disabled rule has no problem with its webhook: it is not asked', () => {
    const rule = { enabled: false, webhook_ids: [wh('9')] }
    expect(problems(partsWith(rule))).toEqual([])
    expect(stepOf('pre_approval', { rules: { Quick: rule } }).text).toBe(
      'All rules are disabled, so people decide.',
    )
  })
})

describe('approval', () => {
  const partsWith = (steps: object[], known = facts()) =>
    partsOf('approval', { app: { approvers: steps } }, known)

  test.each<[object, string]>([
    [
      { type: 'manager' },
      'The manager of the person. Where there is none who can decide, the app admins do.',
    ],
    [{ type: 'app_admins' }, 'The app admins: Ada.'],
    [named(ada), 'Ada.'],
  ])('%o', (step, text) =>
    expect(partsWith([step])).toMatchObject([{ label: 'Step 1', text, problem: null }]),
  )

  test.each<[object, string[], string]>([
    [
      named(bob),
      [ada],
      'Those who were named cannot decide: they are not active any more. The app admins decide instead.',
    ],
    [
      named(bob),
      [],
      'Those who were named cannot decide: they are not active any more. The administrators decide instead.',
    ],
    [
      { type: 'app_admins' },
      [],
      'The app admins cannot decide: there are none. The administrators decide instead.',
    ],
    [named(ada, bob), [ada], 'Bob cannot decide: nobody active is behind that name.'],
    [
      named(ada, bob, gone),
      [ada],
      'Bob and somebody who is gone cannot decide: nobody active is behind those names.',
    ],
  ])('is told when somebody cannot decide: %o', (step, admins, problem) => {
    expect(problems(partsWith([step], facts({ admins })))).toEqual([problem])
  })

  test('without app admins, the administrators stand in for a manager', () => {
    const [part] = partsWith([{ type: 'manager' }], facts({ admins: [] }))
    expect(part?.text).toContain('the administrators do.')
  })

  test('permissions with steps of their own are told apart', () => {
    const step = stepOf('approval', {
      app: { approvers: [] },
      permissions: {
        [one]: { label: 'Read', approvers: [named(ada)] },
        [two]: { label: 'Write', approvers: [] },
      },
    })
    expect(step.parts.map(({ label, text }) => [label, text])).toEqual([
      ['Other permissions', 'Nobody is asked.'],
      ['Read, step 1', 'Ada.'],
      ['Write', 'Nobody is asked.'],
    ])
    expect(step.text).toBe(
      'Each step must approve, one after the other. Permissions with steps of their own ask those; the same step is ' +
        'asked once. Approvers are reminded after 1 day. After 3 days the app admins may decide as well.',
    )
    expect(stepOf('approval', { app: { approvers: [] } }).text).toBe(
      'Nobody is asked: access is given at once.',
    )
  })
})

test('how long access lasts, and what happens when it is not used', () => {
  const app = { access_lengths_seconds: [86_400, null], inactivity: { after_days: 90, notice_days: 1 } }
  expect(stepOf('expiry', { app })).toMatchObject({
    text: 'Access lasts as long as was asked for, and can be made longer before it ends. Allowed: 1 day or without an end.',
    parts: [{ text: 'After 90 days without use the person is told; 1 day later the access is removed.' }],
  })
})

test.each([
  [60, '1 minute'],
  [61, '61 seconds'],
  [5_400, '90 minutes'],
  [129_600, '36 hours'],
  [86_400 * 2_000, '2,000 days'],
])('%i seconds are %s', (seconds, text) => expect(lengthText(seconds)).toBe(text))

test('long lists are cut', () => {
  expect(listed([])).toBe('')
  expect(listed(['a', 'b', 'c'], 'or')).toBe('a, b or c')
  expect(listed(Array.from({ length: 11 }, (_none, index) => String(index)))).toBe(
    '0, 1, 2, 3, 4, 5, 6, 7 and 3 more',
  )
})
