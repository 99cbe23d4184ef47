/** What a wrong member is told, in plain sentences, where its schema has no words of its own. */
import { z } from 'zod'

/** Makes every schema of this process speak in these sentences. Call it once, where requests are read. */
export function speakPlainly(): void {
  z.config({ customError: errorText })
}

/** What would be right, for one finding of a schema; never repeats the value that was given. */
export function errorText(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')) {
    return issue.code === 'invalid_value' && issue.values.length > 1
      ? `Required. ${oneOf(issue.values)}`
      : 'Required.'
  }
  switch (issue.code) {
    case 'invalid_type':
      return typeText[issue.expected] ?? 'Must be of another type.'
    case 'invalid_value':
      return oneOf(issue.values)
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'Must not be empty.'
        : `At least ${amount(issue.minimum, issue.origin)}.`
    case 'too_big':
      return `At most ${amount(issue.maximum, issue.origin)}.`
    case 'invalid_format':
      return formatText[issue.format] ?? 'Must have another form.'
    case 'not_multiple_of':
      return `Must be a multiple of ${issue.divisor}.`
    case 'unrecognized_keys':
      return `There is no such member: ${issue.keys.join(', ')}.`
    default:
      return 'Must be something else; see the API reference.'
  }
}

const typeText: Partial<Record<string, string>> = {
  string: 'Must be text.',
  number: 'Must be a number.',
  int: 'Must be a whole number.',
  boolean: 'Must be true or false.',
  array: 'Must be a list.',
  object: 'Must be a JSON object.',
  record: 'Must be a JSON object.',
  null: 'Must be null.',
}

const formatText: Partial<Record<string, string>> = {
  email: 'Must be an e-mail address, for example ada@example.com.',
  url: 'Must be an address, for example https://hooks.example.com/keyhook.',
  datetime: 'Must be a time as in RFC 3339, for example 2026-01-31T09:30:00Z.',
  safeint: 'Must be a whole number.',
}

function oneOf(values: readonly unknown[]): string {
  const words = values.map(String)
  const last = words.pop() ?? ''
  return words.length === 0 ? `Must be ${last}.` : `Must be one of ${words.join(', ')} or ${last}.`
}

function amount(limit: number | bigint, origin: string): string {
  const number = limit.toLocaleString('en')
  const unit = units[origin]
  return unit ? `${number} ${unit}${limit === 1 ? '' : 's'}` : number
}

const units: Partial<Record<string, string>> = {
  string: 'character',
  array: 'item',
  set: 'item',
  map: 'item',
}
