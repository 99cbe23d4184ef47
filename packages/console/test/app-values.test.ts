import type { AppRead, IntakeField, PermissionRead } from '@keyhook/contract/api/app.ts'
import { expect, test } from 'vitest'
import { appMembers, newAppValues, savedAppValues } from '../src/forms/app-values.ts'
import { optionalDuration, optionalSeconds, secondsOf } from '../src/forms/duration-values.ts'
import { intakeMember, intakeRow } from '../src/forms/intake-field-values.ts'
import { permissionMembers, permissionValuesOf } from '../src/forms/permission-values.ts'

const times = { created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' }

const app: AppRead = {
  id: 'app_1',
  app_id: 'billing',
  instance_id: 'eu-1',
  name: 'Billing',
  description: null,
  icon: '💶',
  category: null,
  owner_id: null,
  admins: ['usr_1', 'grp_1'],
  visible_to: ['grp_2'],
  request_for_others: false,
  access_lengths_seconds: [3_600, null],
  approvers: [
    { type: 'manager', principal_ids: [], mode: 'any' },
    { type: 'named', principal_ids: ['usr_2'], mode: 'all' },
  ],
  remind_after_seconds: null,
  escalate_after_seconds: 7_200,
  inactivity: { after_days: 60, notice_days: 7 },
  webhooks: {
    request_validation: { webhook_id: 'wh_1', failure_policy: 'continue' },
    provisioning: null,
    deprovisioning: null,
  },
  intake_fields: [],
  owner: null,
  admin_refs: [],
  archived: false,
  ...times,
}

test('An untouched edit of an app sends what is saved', () => {
  const { id, intake_fields, owner, admin_refs, archived, created_at, updated_at, ...members } = app
  expect(appMembers(savedAppValues(app))).toEqual(members)
})

test('A new app leaves its readable names to the server', () => {
  expect(appMembers({ ...newAppValues(), name: 'Billing' })).toEqual({
    name: 'Billing',
    description: null,
    icon: null,
    category: null,
    owner_id: null,
    admins: [],
    visible_to: null,
    request_for_others: true,
    access_lengths_seconds: [],
    approvers: [{ type: 'app_admins', principal_ids: [], mode: 'any' }],
    remind_after_seconds: 86_400,
    escalate_after_seconds: 259_200,
    inactivity: null,
    webhooks: { request_validation: null, provisioning: null, deprovisioning: null },
  })
})

test('A step that names nobody sends nobody, whoever was chosen before', () => {
  const values = savedAppValues(app)
  const approvers = values.approvers.map((step) => ({ ...step, type: 'app_admins' as const }))
  expect(appMembers({ ...values, approvers }).approvers?.map(({ principal_ids }) => principal_ids)).toEqual([
    [],
    [],
  ])
})

test('Durations count in the largest unit that fits, and an emptied count is refused by the server', () => {
  expect(optionalDuration(7_200, 1)).toEqual({ on: true, count: 2, unit: 'hours' })
  expect(optionalDuration(5_400, 1)).toEqual({ on: true, count: 90, unit: 'minutes' })
  expect(optionalDuration(null, 86_400)).toEqual({ on: false, count: 1, unit: 'days' })
  expect(optionalSeconds({ on: false, count: 1, unit: 'days' })).toBeNull()
  expect(secondsOf({ count: '', unit: 'days' })).toBe(0)
})

const permission: PermissionRead = {
  id: 'perm_1',
  app_id: 'app_1',
  label: 'Reader',
  value: 'billing.read',
  source: 'OKTA',
  description: 'Reads invoices',
  approvers: [],
  webhooks: { request_validation: null, provisioning: null, deprovisioning: null },
  ...times,
}

test('A permission keeps an own chain that asks nobody apart from the chain of the app', () => {
  const { id, app_id, created_at, updated_at, ...members } = permission
  expect(permissionMembers(permissionValuesOf(permission))).toEqual(members)
  expect(permissionMembers(permissionValuesOf({ ...permission, approvers: null })).approvers).toBeNull()
})

test('An empty value of a permission is its label', () => {
  expect(permissionMembers({ ...permissionValuesOf(permission), value: ' ' }).value).toBe('Reader')
  expect(permissionMembers({ ...permissionValuesOf(null) })).not.toHaveProperty('value')
})

const field: IntakeField = {
  label: 'Region',
  type: 'choices',
  required: true,
  help_text: 'Where you work',
  options: ['EU', 'US'],
  min: 1,
  max: 2,
  shown_when: 'payload.access_length == null',
  check: { condition: 'true', message: 'Never' },
}

test('An untouched intake field sends what is saved', () => {
  expect(intakeMember(intakeRow(field))).toEqual(field)
})

test('An intake field sends only what its type has', () => {
  expect(intakeMember({ ...intakeRow(field), type: 'date' })).toMatchObject({
    options: [],
    min: null,
    max: null,
  })
  expect(intakeMember({ ...intakeRow(field), options: ' EU \n\nUS\n' }).options).toEqual(['EU', 'US'])
})

test('An intake field has a check when its condition or its message is filled in', () => {
  const row = intakeRow({ ...field, check: null })
  expect(intakeMember(row).check).toBeNull()
  expect(intakeMember({ ...row, check: { condition: '', message: 'Say more' } }).check).toEqual({
    condition: '',
    message: 'Say more',
  })
})
