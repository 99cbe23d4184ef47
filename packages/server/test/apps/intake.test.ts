import { type IntakeField, intakeField } from '@keyhook/contract/api/app.ts'
import { describe, expect, test } from 'vitest'
import { type Answer, type Answers, readAnswers } from '../../src/apps/intake.ts'
import { createConditions } from '../../src/conditions/conditions.ts'

const conditions = createConditions()
const payloadWith = (custom_fields: Answers) => ({ custom_fields, access_length: 3_600 })

function field(more: object): IntakeField {
  return intakeField.parse({ label: 'Q', type: 'text', ...more })
}

const read = (fields: IntakeField[], given: Answers) => readAnswers(fields, given, conditions, payloadWith)
const wrongWith = (one: IntakeField, answer: Answer) => read([one], { Q: answer }).errors

describe('an answer that fits is kept as it was given', () => {
  test.each<[object, Answer]>([
    [{ type: 'text' }, ' Ada '],
    [{ type: 'text', min: 2, max: 3 }, 'abc'],
    [{ type: 'long_text' }, 'one\ntwo'],
    [{ type: 'choice', options: ['a', 'b'] }, 'b'],
    [{ type: 'choices', options: ['a', 'b', 'c'], min: 2 }, ['a', 'c']],
    [{ type: 'number', min: 0, max: 10 }, 0],
    [{ type: 'number' }, -1.5],
    [{ type: 'date' }, '2028-02-29'],
    [{ type: 'checkbox' }, false],
    [{ type: 'checkbox', required: true }, true],
  ])('%o takes %o', (more, answer) => {
    expect(read([field(more)], { Q: answer })).toEqual({ answers: { Q: answer }, errors: [] })
  })
})

describe('an answer that does not fit is refused with what would be right', () => {
  test.each<[object, Answer, string]>([
    [{ type: 'text' }, 5, 'Must be text.'],
    [{ type: 'text' }, ['a'], 'Must be text.'],
    [{ type: 'text' }, 'one\ntwo', 'Must be one line.'],
    [{ type: 'text', min: 3 }, 'ab', 'At least 3 characters.'],
    [{ type: 'text', max: 3 }, 'abcd', 'At most 3 characters.'],
    [{ type: 'long_text' }, 'x'.repeat(10_001), 'At most 10,000 characters.'],
    [{ type: 'choice', options: ['a'] }, 'A', 'Choose one of the options.'],
    [{ type: 'choice', options: ['a'] }, ['a'], 'Choose one of the options.'],
    [{ type: 'choices', options: ['a', 'b'] }, 'a', 'Choose among the options.'],
    [{ type: 'choices', options: ['a', 'b'] }, ['a', 'c'], 'Choose among the options.'],
    [{ type: 'choices', options: ['a', 'b'], min: 2 }, ['a'], 'At least 2 options.'],
    [{ type: 'choices', options: ['a', 'b'], max: 1 }, ['a', 'b'], 'At most 1 option.'],
    [{ type: 'choices', options: ['a', 'b'], min: 2 }, ['a', 'a'], 'Choose each option once.'],
    [{ type: 'number' }, '5', 'Must be a number.'],
    [{ type: 'number' }, Number.NaN, 'Must be a number.'],
    [{ type: 'number' }, Number.POSITIVE_INFINITY, 'Must be a number.'],
    [{ type: 'number', min: 1 }, 0, 'At least 1.'],
    [{ type: 'number', max: 1 }, 1.01, 'At most 1.'],
    [{ type: 'date' }, '2027-02-29', 'Must be a date such as 2026-12-31.'],
    [{ type: 'date' }, '31.12.2026', 'Must be a date such as 2026-12-31.'],
    [{ type: 'date' }, '2026-12-31T00:00:00Z', 'Must be a date such as 2026-12-31.'],
    [{ type: 'date' }, 20261231, 'Must be a date such as 2026-12-31.'],
    [{ type: 'checkbox' }, 'true', 'Must be true or false.'],
    [{ type: 'checkbox', required: true }, false, 'Must be checked.'],
  ])('%o refuses %o', (more, answer, detail) => {
    expect(wrongWith(field(more), answer)).toEqual([{ pointer: '/custom_fields/Q', detail }])
  })
})

describe('an empty answer is none', () => {
  test.each<[string, Answer | undefined]>([
    ['text', ''],
    ['text', ' \n '],
    ['choices', []],
    ['number', null],
    ['checkbox', undefined],
  ])('%s: %o', (type, answer) => {
    const options = type === 'choices' ? ['a'] : []
    const given: Answers = answer === undefined ? {} : { Q: answer }
    expect(read([field({ type, options })], given)).toEqual({ answers: { Q: null }, errors: [] })
    expect(read([field({ type, options, required: true })], given).errors).toEqual([
      { pointer: '/custom_fields/Q', detail: 'Required.' },
    ])
  })
})

test('an answer to a question that is not there is refused, its label escaped in the pointer', () => {
  expect(read([field({})], { 'a/b~c': 'x' }).errors).toEqual([
    { pointer: '/custom_fields/a~1b~0c', detail: 'This app does not ask for it.' },
  ])
  expect(read([], { constructor: 'x' }).errors).toHaveLength(1)
})

test('labels like members of every object are labels like others', () => {
  const fields = [field({ label: 'constructor', required: true }), field({ label: 'toString' })]
  expect(read(fields, {}).errors).toEqual([{ pointer: '/custom_fields/constructor', detail: 'Required.' }])
  expect(read(fields, { constructor: 'x' }).answers).toEqual({ constructor: 'x', toString: null })
  const hidden = field({
    label: 'valueOf',
    shown_when: 'false',
    check: { condition: 'false', message: 'Never right.' },
  })
  expect(read([hidden], {})).toEqual({ answers: {}, errors: [] })
})

describe('shown_when', () => {
  const production = field({ label: 'Production', type: 'checkbox' })
  const ticket = field({
    label: 'Ticket',
    required: true,
    shown_when: 'payload.custom_fields["Production"] == true',
  })

  test('a field that is shown is asked for', () => {
    expect(read([production, ticket], { Production: true }).errors).toEqual([
      { pointer: '/custom_fields/Ticket', detail: 'Required.' },
    ])
    expect(read([production, ticket], { Production: true, Ticket: 'T-1' })).toEqual({
      answers: { Production: true, Ticket: 'T-1' },
      errors: [],
    })
  })

  test('a field that is not shown is not required, and an answer to it is refused', () => {
    expect(read([production, ticket], { Production: false })).toEqual({
      answers: { Production: false },
      errors: [],
    })
    expect(read([production, ticket], { Production: false, Ticket: 'T-1' }).errors).toEqual([
      { pointer: '/custom_fields/Ticket', detail: 'It is not asked for with the other answers as they are.' },
    ])
  })

  test('a condition that cannot be evaluated shows nothing', () => {
    const broken = field({ shown_when: 'payload.nothing.here == 1', required: true })
    expect(read([broken], {})).toEqual({ answers: {}, errors: [] })
  })
})

describe('check', () => {
  const ticket = field({
    check: { condition: 'payload.custom_fields.Q.startsWith("T-")', message: 'Give a ticket such as T-1.' },
  })

  test('its message is said when it does not hold, or cannot be evaluated', () => {
    const message = { pointer: '/custom_fields/Q', detail: 'Give a ticket such as T-1.' }
    expect(wrongWith(ticket, 'X-1')).toEqual([message])
    const broken = field({
      check: { condition: 'payload.nothing.here', message: 'Give a ticket such as T-1.' },
    })
    expect(wrongWith(broken, 'T-1')).toEqual([message])
    expect(wrongWith(ticket, 'T-1')).toEqual([])
  })

  test('is for when every answer is what it must be by itself', () => {
    const number = field({ label: 'N', type: 'number', required: true })
    expect(read([ticket, number], { Q: 'X-1' }).errors).toEqual([
      { pointer: '/custom_fields/N', detail: 'Required.' },
    ])
  })

  test('is not made of a question without an answer', () => {
    expect(read([ticket], {}).errors).toEqual([])
  })
})
