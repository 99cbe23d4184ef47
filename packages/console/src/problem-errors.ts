import { ApiError } from './api-error.ts'

export type FieldErrors = Record<string, string>

/**
 * The form field that a JSON pointer names: `/webhook/headers/0/value` is `headers.0.value`.
 * A test carries the webhook in a member `webhook`; a form does not know that.
 */
function fieldOf(pointer: string): string {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  return (parts[0] === 'webhook' && parts.length > 1 ? parts.slice(1) : parts).join('.')
}

/**
 * Splits an error into messages for fields of the form and one message for the form as a whole.
 * @param fields the fields that the form shows; `*` stands for an index, as in `headers.*.value`
 * @param aliases API member to form field, for example `time_limit_ms` to `time_limit_seconds`
 */
export function formErrorsOf(
  error: unknown,
  fields: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): { fieldErrors: FieldErrors; rest: string[] } {
  const fieldErrors: FieldErrors = {}
  const rest: string[] = []
  if (!(error instanceof ApiError)) return { fieldErrors, rest }
  for (const { pointer, detail } of error.problem.errors) {
    const named = fieldOf(pointer)
    const field = shownFieldOf(named, fields, aliases)
    if (field === null) rest.push(named === '' ? detail : `${named}: ${detail}`)
    else fieldErrors[field] = fieldErrors[field] ? `${fieldErrors[field]} ${detail}` : detail
  }
  return { fieldErrors, rest }
}

/** The field itself, or the nearest one around it that the form shows: one option of a list is shown at the list. */
function shownFieldOf(
  named: string,
  fields: readonly string[],
  aliases: Readonly<Record<string, string>>,
): string | null {
  const parts = named.split('.')
  for (let length = parts.length; length > 0; length -= 1) {
    const part = parts.slice(0, length).join('.')
    const field = aliases[part] ?? part
    if (fields.includes(field) || fields.includes(field.replace(/\.\d+(?=\.|$)/g, '.*'))) return field
  }
  return null
}
