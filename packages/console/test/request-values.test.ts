import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { CatalogueEntry, IntakeField } from '@keyhook/contract/api/app.ts'
import { describe, expect, test } from 'vitest'
import {
  checkBodyOf,
  lengthChoices,
  lengthSeconds,
  missingIn,
  requestBodyOf,
  shownFields,
  startValues,
} from '../src/forms/request-values.ts'

const day = 86_400
const ada = { id: 'usr_1', name: 'Ada', email: 'ada@example.com' }
const bob = { id: 'usr_2', name: 'Bob', email: 'bob@example.com' }

function field(label: string, more: Partial<IntakeField> = {}): IntakeField {
  return {
    ...{ label, type: 'text', required: false, help_text: null, options: [], min: null, max: null },
    ...{ shown_when: null, check: null, ...more },
  }
}

function entry(more: Partial<CatalogueEntry> = {}): CatalogueEntry {
  return {
    ...{ id: 'app_1', name: 'Demo', description: null, icon: null, category: null, owner: null },
    request_for_others: true,
    access_lengths_seconds: [],
    permissions: [
      { id: 'perm_1', label: 'Read', description: null, held: false },
      { id: 'perm_2', label: 'Write', description: null, held: false },
    ],
    intake_fields: [],
    ...more,
  }
}

function before(more: Partial<AccessRequestRead> = {}): AccessRequestRead {
  return {
    permissions: [{ id: 'perm_2', label: 'Write', value: 'Write' }],
    requester: ada,
    target_user: ada,
    access_length_seconds: 7 * day,
    business_justification: 'To try it',
    custom_fields: { Ticket: 'T-1' },
    ...more,
  } as AccessRequestRead
}

describe('How long', () => {
  test('The lengths that an app allows, the shortest first and none without an end last', () => {
    expect(lengthChoices([null, 30 * day, 3_600]).map(({ label }) => label)).toEqual([
      '1 hour',
      '30 days',
      'Without an end',
    ])
  })

  test('An app that allows any length offers usual ones, and something else', () => {
    expect(lengthChoices([]).map(({ key }) => key)).toEqual([
      ...['86400', '604800', '2592000', '7776000', '31536000'],
      ...['none', 'custom'],
    ])
  })

  test('A form starts with 30 days where that is allowed, else with the shortest', () => {
    expect(startValues(entry(), null).length).toBe('2592000')
    expect(startValues(entry({ access_lengths_seconds: [null, 90 * day, day] }), null).length).toBe('86400')
    expect(startValues(entry({ access_lengths_seconds: [null] }), null).length).toBe('none')
  })

  test('A length of one’s own is counted in its unit', () => {
    expect(lengthSeconds({ length: 'custom', custom_length: { count: 3, unit: 'hours' } })).toBe(10_800)
    expect(lengthSeconds({ length: 'none', custom_length: { count: 3, unit: 'hours' } })).toBeNull()
  })
})

describe('What the form starts with', () => {
  test('Nothing is chosen, unless there is only one thing to choose that is not held yet', () => {
    const [first] = entry().permissions
    if (!first) throw new Error('the entry has permissions')
    expect(startValues(entry(), null).permission_ids).toEqual([])
    expect(startValues(entry({ permissions: [first] }), null).permission_ids).toEqual(['perm_1'])
    expect(startValues(entry({ permissions: [{ ...first, held: true }] }), null).permission_ids).toEqual([])
  })

  test('A request that was made before fills everything in', () => {
    const values = startValues(entry(), before({ target_user: bob, access_length_seconds: 5 * 3_600 }))
    expect(values).toEqual({
      permission_ids: ['perm_2'],
      for: 'colleague',
      colleague: bob,
      length: 'custom',
      custom_length: { count: 5, unit: 'hours' },
      business_justification: 'To try it',
      answers: { Ticket: 'T-1' },
    })
  })

  test('A permission that is not offered any more, and a length that is not allowed any more, are not filled in', () => {
    const now = entry({ access_lengths_seconds: [day], permissions: entry().permissions.slice(0, 1) })
    expect(startValues(now, before())).toMatchObject({ permission_ids: [], length: '86400' })
  })
})

describe('What is sent', () => {
  const fields = [field('Ticket'), field('Severity', { shown_when: 'true' })]

  test('Fields with a condition are asked for once the server says so', () => {
    expect(shownFields(fields, null).map(({ label }) => label)).toEqual(['Ticket'])
    expect(shownFields(fields, ['Ticket', 'Severity'])).toHaveLength(2)
  })

  test('Answers to fields that are not asked for are looked at, and not sent', () => {
    const values = { ...startValues(entry(), before()), answers: { Ticket: 'T-1', Severity: '2' } }
    const app = entry({ intake_fields: fields })
    expect(checkBodyOf(values).custom_fields).toEqual({ Ticket: 'T-1', Severity: '2' })
    expect(requestBodyOf(app, values, ['Ticket']).custom_fields).toEqual({ Ticket: 'T-1' })
  })

  test('For oneself, nobody is named', () => {
    const values = startValues(entry(), before())
    expect(requestBodyOf(entry(), values, null)).toEqual({
      app_id: 'app_1',
      permission_ids: ['perm_2'],
      business_justification: 'To try it',
      access_length_seconds: 7 * day,
      custom_fields: {},
    })
    const forBob = { ...values, for: 'colleague' as const, colleague: bob }
    expect(requestBodyOf(entry(), forBob, null).target_user_id).toBe('usr_2')
  })

  test('What is missing is said before anything is sent', () => {
    const empty = { ...startValues(entry(), null), for: 'colleague' as const, length: 'custom' }
    expect(missingIn({ ...empty, custom_length: { count: '', unit: 'days' } })).toEqual({
      permission_ids: 'Choose at least one.',
      target_user_id: 'Choose who it is for.',
      access_length_seconds: 'Say how long.',
    })
    expect(missingIn(startValues(entry(), before()))).toEqual({})
  })
})
