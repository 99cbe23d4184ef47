import type { PreApprovalRuleRead } from '@keyhook/contract/api/pre-approval-rule.ts'
import { expect, test } from 'vitest'
import { ruleMembers, ruleProblems, ruleValuesOf } from '../src/forms/rule-values.ts'

const rule: PreApprovalRuleRead = {
  id: 'rule_1',
  app_id: 'app_1',
  name: 'Engineers',
  enabled: false,
  user_ids: ['usr_1'],
  group_ids: ['grp_1', 'grp_2'],
  permission_ids: ['perm_1'],
  condition: 'payload.access_length != null',
  webhook_ids: ['wh_1'],
  failure_policy: 'refuse',
  access_length_seconds: 86_400,
  business_justification: 'On call',
  position: 3,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
}

test('An untouched edit of a rule sends what is saved', () => {
  const { id, app_id, position, created_at, updated_at, ...members } = rule
  expect(ruleMembers(ruleValuesOf(rule))).toEqual(members)
})

test('A rule for everyone and everything sends empty lists', () => {
  const values = { ...ruleValuesOf(rule), who: 'everyone' as const, what: 'all' as const }
  expect(ruleMembers(values)).toMatchObject({ user_ids: [], group_ids: [], permission_ids: [] })
})

test('A rule for some, but for nobody, is not sent: to the API it would be one for everyone', () => {
  const values = { ...ruleValuesOf(rule), principal_ids: [], permission_ids: [] }
  expect(Object.keys(ruleProblems(values))).toEqual(['principal_ids', 'permission_ids'])
  expect(ruleProblems(ruleValuesOf(rule))).toEqual({})
})
