/** The stream of a SIEM webhook as the form holds it: paths as in the API, so that its errors find their fields. */
import type { StreamSettings } from '@keyhook/contract/api/stream.ts'
import { streamDefaults } from '@keyhook/contract/setting-limits.ts'
import { type SiemPreset, siemPresets } from '@keyhook/contract/siem/presets.ts'
import type { FieldErrors } from '../problem-errors.ts'
import { type OptionalDuration, optionalDuration, optionalSeconds } from './duration-values.ts'

type Format = StreamSettings['format']

/** What needs no questions: only the shape of the events differs. */
export const plainFormats = {
  lumos: 'Any receiver (the shape that Lumos sends)',
  ndjson: 'Any receiver, NDJSON: an event a line',
  cloudevents: 'Any receiver, CloudEvents 1.0',
  ocsf: 'Any receiver, OCSF',
} as const satisfies Partial<Record<Format, string>>

export type StreamValues = {
  /** The id of a preset, or one of the plain formats. */
  sends_to: string
  /** Endpoint and authentication are made from the answers, and not entered. */
  asks: boolean
  answers: Record<string, string>
  batch_events: number | ''
  batch_wait_ms: number | ''
  batch_bytes: number | ''
  gzip: boolean
  strict_order: boolean
  /** Empty: all. */
  event_types: string[]
  lag_alert: OptionalDuration
  heartbeat: boolean
  start: 'now' | 'beginning' | 'time'
  start_time: string | undefined
}

const questionNames = siemPresets.flatMap(({ questions }) => questions.map(({ name }) => name))

/** The form's fields, as `formErrorsOf` takes them. */
export const streamFields = [
  'stream.sends_to',
  ...[...new Set(questionNames)].map((name) => `stream.answers.${name}`),
  'stream.batch_events',
  'stream.batch_wait_ms',
  'stream.batch_bytes',
  'stream.event_types',
  'stream.lag_alert',
  'stream.start_time',
]
export const streamAliases = {
  'stream.format': 'stream.sends_to',
  'stream.lag_alert_seconds': 'stream.lag_alert',
  'stream.start': 'stream.start_time',
}

/** Null for the plain formats. */
export function presetOf(sendsTo: string): SiemPreset | null {
  return siemPresets.find(({ id }) => id === sendsTo) ?? null
}

export function formatOf(sendsTo: string): Format {
  return presetOf(sendsTo)?.stream.format ?? (sendsTo as Format)
}

/** The product that reads a format, which has the plain format's name when there is no such product. */
function sendsToOf(format: Format): string {
  if (Object.hasOwn(plainFormats, format)) return format
  return siemPresets.find(({ stream }) => stream.format === format)?.id ?? format
}

export function streamValuesOf(stream: StreamSettings): StreamValues {
  const isTime = stream.start !== 'now' && stream.start !== 'beginning'
  return {
    sends_to: sendsToOf(stream.format),
    asks: false,
    answers: {},
    batch_events: stream.batch_events,
    batch_wait_ms: stream.batch_wait_ms,
    batch_bytes: stream.batch_bytes,
    gzip: stream.gzip,
    strict_order: stream.strict_order,
    event_types: stream.event_types ?? [],
    lag_alert: optionalDuration(stream.lag_alert_seconds, streamDefaults.lag_alert_seconds),
    heartbeat: stream.heartbeat,
    start: isTime ? 'time' : (stream.start as 'now' | 'beginning'),
    start_time: isTime ? stream.start : undefined,
  }
}

export function newStreamValues(): StreamValues {
  return streamValuesOf(streamDefaults)
}

/** Another receiver: what it takes is recommended anew, and answers of another product mean nothing to it. */
export function sendTo(values: StreamValues, sendsTo: string): StreamValues {
  const { gzip, batch_events, batch_bytes, batch_wait_ms } = presetOf(sendsTo)?.stream ?? streamDefaults
  return withQuestions({ ...values, gzip, batch_events, batch_bytes, batch_wait_ms, sends_to: sendsTo })
}

/** The questions of its product, if it has any, with what is usual as the first answers. */
export function withQuestions(values: StreamValues): StreamValues {
  const preset = presetOf(values.sends_to)
  const answers = (preset?.questions ?? []).map(
    ({ name, preset: usual, options }) => [name, usual ?? options?.[0]?.value ?? ''] as const,
  )
  return { ...values, answers: Object.fromEntries(answers), asks: preset !== null }
}

/** The settings as a change takes them. A number that was emptied is left to the server, which names the field. */
export function streamMembers(values: StreamValues) {
  return {
    format: formatOf(values.sends_to),
    batch_events: Number(values.batch_events),
    // Empty would be 0, which is a choice of its own.
    batch_wait_ms: values.batch_wait_ms === '' ? -1 : values.batch_wait_ms,
    batch_bytes: Number(values.batch_bytes),
    gzip: values.gzip,
    strict_order: values.strict_order,
    event_types: values.event_types.length === 0 ? null : values.event_types,
    lag_alert_seconds: optionalSeconds(values.lag_alert),
    heartbeat: values.heartbeat,
  }
}

/** Where it begins is said once, when the webhook is made. */
export function newStreamMembers(values: StreamValues) {
  const start = values.start === 'time' ? (values.start_time ?? '') : values.start
  return { ...streamMembers(values), start }
}

/** The API says seconds, the form has units: what is said about it follows. */
export function inStreamUnits(errors: FieldErrors): FieldErrors {
  return errors['stream.lag_alert']
    ? { ...errors, 'stream.lag_alert': 'Must be from 1 minute to 7 days' }
    : errors
}
