import { describe, expect, test } from 'vitest'
import {
  planRules,
  planSteps,
  planUnits,
  planValidation,
  type RuleFacts,
} from '../../src/access/request-plans.ts'
import { createConditions } from '../../src/conditions/conditions.ts'
import { idOf, setupOf } from './setup-of.ts'

const wh = (digits: string) => idOf('wh', digits)
const attach = (place: string, digits: string, more: object = {}) => ({
  webhooks: { [place]: { webhook_id: wh(digits), ...more } },
})

describe('validation', () => {
  const validation = (digits: string, policy: string) =>
    attach('request_validation', digits, { failure_policy: policy })
  const setup = setupOf({
    app: validation('1', 'refuse'),
    permissions: { read: validation('2', 'continue'), write: validation('1', 'continue'), plain: {} },
  })
  const asked = (ids: string[]) =>
    planValidation(setup, ids).map(({ webhookId, failurePolicy }) => [webhookId, failurePolicy])

  test('asks the webhooks of the app and of the permissions that are requested', () => {
    expect(asked(['plain'])).toEqual([[wh('1'), 'refuse']])
    expect(asked(['read', 'plain'])).toEqual([
      [wh('1'), 'refuse'],
      [wh('2'), 'continue'],
    ])
  })

  test('asks the same webhook once, about everything, by the stricter of its policies', () => {
    expect(planValidation(setup, ['write', 'read'])[0]).toEqual({
      key: `validation:${wh('1')}`,
      webhookId: wh('1'),
      permissionIds: ['write', 'read'],
      failurePolicy: 'refuse',
    })
  })

  test('asks nobody where nothing is attached', () => {
    expect(planValidation(setupOf({ permissions: { read: {} } }), ['read'])).toEqual([])
  })
})

describe('pre-approval rules', () => {
  const [ada, bob, finance] = [idOf('usr', 'ada'), idOf('usr', 'b0b'), idOf('grp', 'f1')]
  const [read, write] = [idOf('perm', '1'), idOf('perm', '2')]
  const facts: RuleFacts = {
    targetId: ada,
    targetGroupIds: [finance],
    permissionIds: [read],
    accessLengthSeconds: 3_600,
    payload: { access_length: 3_600 },
  }
  const plan = (rule: object, more: Partial<RuleFacts> = {}) =>
    planRules(
      setupOf({ permissions: { [read]: { label: 'Read' }, [write]: { label: 'Write' } }, rules: { rule } }),
      { ...facts, ...more },
      createConditions(),
    )
  const why = (rule: object, more: Partial<RuleFacts> = {}) => plan(rule, more)[0]?.why

  test.each<[string, object, Partial<RuleFacts>]>([
    ['for everyone', {}, {}],
    ['by name', { user_ids: [bob, ada] }, {}],
    ['by group', { group_ids: [finance] }, {}],
    ['one of both is enough', { user_ids: [bob], group_ids: [finance] }, {}],
    ['the permission is named', { permission_ids: [write, read] }, {}],
    ['the length is the longest', { access_length_seconds: 3_600 }, {}],
    ['any length', {}, { accessLengthSeconds: null }],
    ['the condition holds', { condition: 'payload.access_length <= 3600' }, {}],
  ])('holds: %s', (_what, rule, more) => expect(why(rule, more)).toBeNull())

  test.each<[string, object, Partial<RuleFacts>, string]>([
    ['other people', { user_ids: [bob] }, {}, 'It is for other people.'],
    ['another group', { group_ids: [idOf('grp', 'f2')] }, {}, 'It is for other people.'],
    [
      'one of the permissions is not covered',
      { permission_ids: [read] },
      { permissionIds: [read, write] },
      'It does not cover Write.',
    ],
    [
      'longer than it gives',
      { access_length_seconds: 3_600 },
      { accessLengthSeconds: 3_601 },
      'It gives access for a shorter time only.',
    ],
    [
      'without an end where it gives one',
      { access_length_seconds: 3_600 },
      { accessLengthSeconds: null },
      'It gives access for a shorter time only.',
    ],
    ['the condition', { condition: 'payload.access_length < 5' }, {}, 'Its condition did not hold.'],
    [
      'the condition cannot be evaluated',
      { condition: 'payload.nothing == 1' },
      {},
      'Its condition could not be evaluated: There is no member `nothing` in this payload: ask for it first, as in has(payload.nothing) && ….',
    ],
  ])('does not hold: %s', (_what, rule, more, reason) => expect(why(rule, more)).toBe(reason))

  test('disabled ones are left out; the others keep their order, with the webhooks that must say yes', () => {
    const rules = {
      first: { enabled: false },
      second: {
        webhook_ids: [wh('1'), wh('2')],
        failure_policy: 'refuse',
        business_justification: 'On call',
      },
      third: {},
    }
    const planned = planRules(setupOf({ rules }), facts, createConditions())
    expect(planned.map(({ ruleId }) => ruleId)).toEqual(['second', 'third'])
    expect(planned[0]).toMatchObject({
      justification: 'On call',
      failurePolicy: 'refuse',
      calls: [
        { key: `pre_approval:second:${wh('1')}`, webhookId: wh('1'), permissionIds: [read] },
        { key: `pre_approval:second:${wh('2')}`, webhookId: wh('2'), permissionIds: [read] },
      ],
    })
  })
})

describe('approval', () => {
  const manager = { type: 'manager', principal_ids: [], mode: 'any' }
  const admins = { type: 'app_admins', principal_ids: [], mode: 'any' }
  const setup = setupOf({
    app: { approvers: [manager] },
    permissions: {
      general: { label: 'General' },
      strict: { label: 'Strict', approvers: [manager, admins] },
      open: { label: 'Open', approvers: [] },
    },
  })
  test.each<[string[], object[]]>([
    [['general'], [manager]],
    [['strict'], [manager, admins]],
    [['open'], []],
    [['open', 'general'], [manager]],
    [
      ['general', 'strict'],
      [manager, admins],
    ],
  ])('%j', (ids, steps) => expect(planSteps(setup, ids)).toEqual(steps))
})

describe('units', () => {
  const setup = setupOf({
    app: attach('provisioning', '1'),
    permissions: { a: {}, b: {}, own: attach('provisioning', '2'), same: attach('provisioning', '1') },
  })
  const units = (items: { permissionId: string; skipped: string[] }[], apart: string[] = []) =>
    planUnits(setup, { type: 'plan_units', what: 'provisioning', round: 1, items }, (id) =>
      apart.includes(id),
    ).map(({ webhookId, permissionIds }) => [webhookId, permissionIds])
  const item = (permissionId: string, ...skipped: string[]) => ({ permissionId, skipped })

  test("a permission's own webhook takes the place of its app's; those that share one are one delivery", () => {
    expect(units([item('a'), item('own'), item('same'), item('b')])).toEqual([
      [wh('1'), ['a', 'same', 'b']],
      [wh('2'), ['own']],
    ])
  })

  test('a webhook that wants it gets a delivery for each permission', () => {
    expect(units([item('a'), item('b'), item('own')], [wh('1')])).toEqual([
      [wh('1'), ['a']],
      [wh('1'), ['b']],
      [wh('2'), ['own']],
    ])
  })

  test("what was skipped goes on to the app's webhook, and then to a person", () => {
    expect(units([item('own', wh('2')), item('a', wh('1')), item('own', wh('2'), wh('1'))])).toEqual([
      [wh('1'), ['own']],
      [null, ['a', 'own']],
    ])
  })

  test('without a webhook a person does it', () => {
    const bare = setupOf({ permissions: { a: {} } })
    const effect = { type: 'plan_units', what: 'deprovisioning', round: 3, items: [item('a')] } as const
    expect(planUnits(bare, effect, () => false)).toEqual([
      { key: 'deprovisioning:3:person', webhookId: null, permissionIds: ['a'] },
    ])
  })
})
