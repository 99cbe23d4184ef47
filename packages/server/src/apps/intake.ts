/** Answers to the intake fields of an app. Pure. */
import type { IntakeField } from '@keyhook/contract/api/app.ts'
import type { Conditions } from '../conditions/conditions.ts'
import type { MemberError } from '../lib/problem-error.ts'

export type Answer = string | number | boolean | string[] | null
export type Answers = Record<string, Answer>

export type Intake = { answers: Answers; errors: MemberError[] }

/**
 * The answers as they are kept: those of fields that are shown, in the order of the fields. `payloadWith` gives what
 * conditions are about for some answers.
 */
export function readAnswers(
  fields: readonly IntakeField[],
  given: Answers,
  conditions: Conditions,
  payloadWith: (answers: Answers) => unknown,
): Intake {
  const errors: MemberError[] = []
  const answers: Answers = {}
  const error = (label: string, detail: string) =>
    errors.push({ pointer: `/custom_fields/${label.replaceAll('~', '~0').replaceAll('/', '~1')}`, detail })
  for (const label of Object.keys(given)) {
    if (!fields.some((field) => field.label === label)) error(label, 'This app does not ask for it.')
  }
  for (const field of fields) {
    const value = normalised(Object.hasOwn(given, field.label) ? given[field.label] : null)
    // A field may depend on those before it.
    if (!isShown(field, { ...answers, [field.label]: value }, conditions, payloadWith)) {
      if (value !== null) error(field.label, 'It is not asked for with the other answers as they are.')
      continue
    }
    answers[field.label] = value
    if (value === null) {
      if (field.required) error(field.label, 'Required.')
      continue
    }
    const wrong = whatIsWrong(field, value)
    if (wrong !== null) error(field.label, wrong)
  }
  if (errors.length > 0) return { answers, errors }
  for (const { label, check } of fields) {
    // Labels may be names that every object has.
    if (check === null || !Object.hasOwn(answers, label) || answers[label] === null) continue
    const evaluated = conditions.evaluate(check.condition, payloadWith(answers))
    if (!evaluated.ok || !evaluated.holds) error(label, check.message)
  }
  return { answers, errors }
}

function isShown(
  { shown_when }: IntakeField,
  answers: Answers,
  conditions: Conditions,
  payloadWith: (answers: Answers) => unknown,
): boolean {
  if (shown_when === null) return true
  const evaluated = conditions.evaluate(shown_when, payloadWith(answers))
  return evaluated.ok && evaluated.holds
}

/** An empty text or list is no answer. */
function normalised(value: Answer | undefined): Answer {
  if (typeof value === 'string') return value.trim() === '' ? null : value
  if (Array.isArray(value)) return value.length === 0 ? null : value
  return value ?? null
}

function whatIsWrong(field: IntakeField, value: Answer): string | null {
  switch (field.type) {
    case 'text':
    case 'long_text':
      if (typeof value !== 'string') return 'Must be text.'
      if (field.type === 'text' && /[\r\n]/.test(value)) return 'Must be one line.'
      return (
        outside(field, value.length, 'character') ??
        (value.length > 10_000 ? 'At most 10,000 characters.' : null)
      )
    case 'choice':
      return typeof value === 'string' && field.options.includes(value) ? null : 'Choose one of the options.'
    case 'choices':
      if (!Array.isArray(value) || value.some((item) => !field.options.includes(item)))
        return 'Choose among the options.'
      if (new Set(value).size !== value.length) return 'Choose each option once.'
      return outside(field, value.length, 'option')
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'Must be a number.'
      return outside(field, value, null)
    case 'date':
      return typeof value === 'string' && isDate(value) ? null : 'Must be a date such as 2026-12-31.'
    case 'checkbox':
      if (typeof value !== 'boolean') return 'Must be true or false.'
      return field.required && !value ? 'Must be checked.' : null
  }
}

function outside({ min, max }: IntakeField, size: number, unit: string | null): string | null {
  const of = (count: number) => (unit === null ? `${count}` : `${count} ${unit}${count === 1 ? '' : 's'}`)
  if (min !== null && size < min) return `At least ${of(min)}.`
  return max !== null && size > max ? `At most ${of(max)}.` : null
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
