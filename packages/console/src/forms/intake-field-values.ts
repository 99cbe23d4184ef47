/** Intake fields as the editor holds them. Pure. */
import type { IntakeFieldType } from '@keyhook/contract/access-words.ts'
import type { IntakeField } from '@keyhook/contract/api/app.ts'

export type IntakeRow = {
  readonly key: string
  label: string
  type: IntakeFieldType
  required: boolean
  help_text: string
  /** One a line. */
  options: string
  min: number | ''
  max: number | ''
  shown_when: string
  check: { condition: string; message: string }
}

export type IntakeValues = { intake_fields: IntakeRow[] }

const members = ['label', 'type', 'required', 'help_text', 'options', 'min', 'max', 'shown_when']
export const intakeErrorFields = [
  'intake_fields',
  ...[...members, 'check.condition', 'check.message'].map((member) => `intake_fields.*.${member}`),
]

/** What the bounds of each type count; null: it has none. */
export const boundsOf: Readonly<Record<IntakeFieldType, { min: string; max: string } | null>> = {
  text: { min: 'Fewest characters', max: 'Most characters' },
  long_text: { min: 'Fewest characters', max: 'Most characters' },
  choice: null,
  choices: { min: 'Fewest options', max: 'Most options' },
  number: { min: 'Smallest number', max: 'Largest number' },
  date: null,
  checkbox: null,
}

export function hasOptions(type: IntakeFieldType): boolean {
  return type === 'choice' || type === 'choices'
}

let rows = 0
export function intakeRow(field: IntakeField | null): IntakeRow {
  rows += 1
  return {
    key: `field-${rows}`,
    label: field?.label ?? '',
    type: field?.type ?? 'text',
    required: field?.required ?? false,
    help_text: field?.help_text ?? '',
    options: field?.options.join('\n') ?? '',
    min: field?.min ?? '',
    max: field?.max ?? '',
    shown_when: field?.shown_when ?? '',
    check: { condition: field?.check?.condition ?? '', message: field?.check?.message ?? '' },
  }
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text
}

/** Without what the type does not have, which stays in the form while another type is looked at. */
export function intakeMember(row: IntakeRow): IntakeField {
  const bounds = boundsOf[row.type] !== null
  const { condition, message } = row.check
  return {
    label: row.label,
    type: row.type,
    required: row.required,
    help_text: orNull(row.help_text),
    options: hasOptions(row.type)
      ? row.options.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
      : [],
    min: bounds && row.min !== '' ? row.min : null,
    max: bounds && row.max !== '' ? row.max : null,
    shown_when: orNull(row.shown_when),
    check: condition.trim() === '' && message.trim() === '' ? null : { condition, message },
  }
}
