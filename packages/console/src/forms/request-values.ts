/** A request for access as the form holds it, and the bodies that the API takes. Pure. */

import type { PersonRead } from '@keyhook/contract/api/access-parts.ts'
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { CatalogueEntry, IntakeField } from '@keyhook/contract/api/app.ts'
import type { CheckBody, RequestBody } from '../access-api.ts'
import { accessLengthText } from '../components/access-length.ts'
import { type Duration, secondsOf } from './duration-values.ts'

export type Answer = string | number | boolean | string[] | null

export type RequestValues = {
  permission_ids: string[]
  for: 'me' | 'colleague'
  colleague: PersonRead | null
  /** Seconds as text, `none` for access without an end, `custom` for what is in `custom_length`. */
  length: string
  custom_length: Duration
  business_justification: string
  /** By label; also those of fields that are not shown now, in case they are shown again. */
  answers: Record<string, Answer>
}

const day = 86_400
/** Offered where an app allows any length. */
const presets = [day, 7 * day, 30 * day, 90 * day, 365 * day, null]
const usual = String(30 * day)

const keyOf = (seconds: number | null) => (seconds === null ? 'none' : String(seconds))

/** The lengths to choose from, the shortest first; `custom` is offered where an app allows any. */
export function lengthChoices(allowed: readonly (number | null)[]): { key: string; label: string }[] {
  const lengths = allowed.length > 0 ? [...allowed] : presets
  const sorted = lengths.sort((left, right) => (left ?? Infinity) - (right ?? Infinity))
  const choices = sorted.map((seconds) => ({ key: keyOf(seconds), label: accessLengthText(seconds) }))
  return allowed.length > 0 ? choices : [...choices, { key: 'custom', label: 'Something else' }]
}

/** Which of the choices a form starts with: what was asked for before, else a usual one, else the shortest. */
export function lengthStart(allowed: readonly (number | null)[], before: number | null | undefined) {
  const keys = lengthChoices(allowed).map(({ key }) => key)
  const wanted = before === undefined ? usual : keyOf(before)
  if (keys.includes(wanted)) return { length: wanted, custom_length: twoWeeks }
  if (before && allowed.length === 0) return { length: 'custom', custom_length: inDays(before) }
  return { length: keys.includes(usual) ? usual : (keys[0] ?? 'none'), custom_length: twoWeeks }
}

const twoWeeks: Duration = { count: 14, unit: 'days' }

function inDays(seconds: number): Duration {
  if (seconds % day === 0) return { count: seconds / day, unit: 'days' }
  return seconds % 3_600 === 0
    ? { count: seconds / 3_600, unit: 'hours' }
    : { count: Math.round(seconds / 60), unit: 'minutes' }
}

/** What the length field says, in seconds. */
export function lengthSeconds({ length, custom_length }: Pick<RequestValues, 'length' | 'custom_length'>) {
  if (length === 'none') return null
  return length === 'custom' ? secondsOf(custom_length) : Number(length)
}

/** What the form starts with: nothing, or a request that was made before. */
export function startValues(entry: CatalogueEntry, before: AccessRequestRead | null): RequestValues {
  const wanted = before?.permissions.map(({ id }) => id) ?? []
  const offered = entry.permissions.filter(({ id }) => wanted.includes(id)).map(({ id }) => id)
  const [only, ...others] = entry.permissions
  const sole = only && others.length === 0 && !only.held ? [only.id] : []
  const forColleague = before !== null && before.target_user.id !== before.requester.id
  return {
    permission_ids: before ? offered : sole,
    for: forColleague && entry.request_for_others ? 'colleague' : 'me',
    colleague: forColleague ? before.target_user : null,
    ...lengthStart(entry.access_lengths_seconds, before?.access_length_seconds),
    business_justification: before?.business_justification ?? '',
    answers: { ...before?.custom_fields },
  }
}

/** Whether which fields are asked for depends on the answers: then the server has to be asked. */
export function isConditional(fields: readonly IntakeField[]): boolean {
  return fields.some(({ shown_when }) => shown_when !== null)
}

/** The fields that are asked for; `shown` is what the server said, null as long as it was not asked. */
export function shownFields(fields: readonly IntakeField[], shown: readonly string[] | null): IntakeField[] {
  return fields.filter(({ label, shown_when }) => (shown ? shown.includes(label) : shown_when === null))
}

/** For looking at a request that is being filled in. */
export function checkBodyOf(values: RequestValues): CheckBody {
  return {
    permission_ids: values.permission_ids,
    ...(values.for === 'colleague' && values.colleague ? { target_user_id: values.colleague.id } : {}),
    business_justification: values.business_justification,
    access_length_seconds: lengthSeconds(values),
    custom_fields: values.answers,
  }
}

/** What is sent: the answers to the fields that are asked for, and no others. */
export function requestBodyOf(
  entry: CatalogueEntry,
  values: RequestValues,
  shown: readonly string[] | null,
): RequestBody {
  const asked = shownFields(entry.intake_fields, shown).map(({ label }) => label)
  const answers = Object.entries(values.answers).filter(([label]) => asked.includes(label))
  return {
    app_id: entry.id,
    ...checkBodyOf(values),
    custom_fields: Object.fromEntries(answers),
  } as RequestBody
}

/** What is missing before anything is sent; empty when nothing is. */
export function missingIn(values: RequestValues): Record<string, string> {
  const missing: Record<string, string> = {}
  if (values.permission_ids.length === 0) missing.permission_ids = 'Choose at least one.'
  if (values.for === 'colleague' && !values.colleague) missing.target_user_id = 'Choose who it is for.'
  if (values.length === 'custom' && !Number(values.custom_length.count))
    missing.access_length_seconds = 'Say how long.'
  return missing
}
