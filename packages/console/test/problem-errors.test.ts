import { expect, test } from 'vitest'
import { ApiError, UnreachableError } from '../src/api-error.ts'
import { formErrorsOf } from '../src/problem-errors.ts'

function refusal(errors: [pointer: string, detail: string][]): ApiError {
  return new ApiError({
    type: 'about:blank',
    title: 'Some members are not valid',
    status: 422,
    detail: 'Some members are not valid.',
    code: 'validation_failed',
    errors: errors.map(([pointer, detail]) => ({ pointer, detail })),
    trace_id: '1',
  })
}

const fields = ['name', 'headers.*.value', 'time_limit_seconds']
const aliases = { time_limit_ms: 'time_limit_seconds' }

test('A pointer leads to the field of that name', () => {
  expect(formErrorsOf(refusal([['/name', 'Must not be empty']]), fields).fieldErrors).toEqual({
    name: 'Must not be empty',
  })
})

test('The webhook of a test is the form itself', () => {
  const { fieldErrors } = formErrorsOf(refusal([['/webhook/headers/1/value', 'Give it again']]), fields)
  expect(fieldErrors).toEqual({ 'headers.1.value': 'Give it again' })
})

test('A field may have another name than its member', () => {
  const { fieldErrors } = formErrorsOf(refusal([['/time_limit_ms', 'At least 1000']]), fields, aliases)
  expect(fieldErrors).toEqual({ time_limit_seconds: 'At least 1000' })
})

test('Two findings about one field are both shown', () => {
  const { fieldErrors } = formErrorsOf(
    refusal([
      ['/name', 'One.'],
      ['/name', 'Two.'],
    ]),
    fields,
  )
  expect(fieldErrors).toEqual({ name: 'One. Two.' })
})

test('A finding inside a field is shown at the field', () => {
  const { fieldErrors } = formErrorsOf(refusal([['/steps/1/principal_ids/3', 'Nobody']]), [
    'steps.*.principal_ids',
  ])
  expect(fieldErrors).toEqual({ 'steps.1.principal_ids': 'Nobody' })
})

test('A finding without a field is not lost', () => {
  const { fieldErrors, rest } = formErrorsOf(
    refusal([
      ['', 'Must be an object'],
      ['/a~1b', 'There is no such member.'],
    ]),
    fields,
  )
  expect(fieldErrors).toEqual({})
  expect(rest).toEqual(['Must be an object', 'a/b: There is no such member.'])
})

test('An error that is no problem has no findings', () => {
  expect(formErrorsOf(new UnreachableError(), fields)).toEqual({ fieldErrors: {}, rest: [] })
})
