import type { WebhookChange, WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { type WebhookType, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import type { DraftBody } from '../api.ts'
import type { FieldErrors } from '../problem-errors.ts'
import {
  newSettingValues,
  type SettingValues,
  settingAliases,
  settingFields,
  settingMembers,
  settingValuesOf,
} from './setting-values.ts'
import {
  inStreamUnits,
  newStreamMembers,
  newStreamValues,
  type StreamValues,
  streamAliases,
  streamFields,
  streamMembers,
  streamValuesOf,
} from './stream-values.ts'

/** A custom header as the form holds it. */
export type HeaderRow = {
  readonly key: string
  name: string
  value: string
  /** The server holds a value for this name. */
  kept: boolean
  /** A new value is being entered in place of the kept one. */
  replacing: boolean
}

export type WebhookValues = {
  name: string
  description: string
  endpoint_url: string
  headers: HeaderRow[]
  /** Empty means the default. */
  time_limit_seconds: number | ''
  signing_secret: string
  /** Of a SIEM webhook; others do not send it. */
  stream: StreamValues
} & SettingValues

/** The form's fields, as `formErrorsOf` takes them. */
export const webhookFields = [
  'name',
  'description',
  'endpoint_url',
  'headers',
  'headers.*.name',
  'headers.*.value',
  'time_limit_seconds',
  'signing_secret',
  ...settingFields,
  ...streamFields,
]
export const webhookAliases = { time_limit_ms: 'time_limit_seconds', ...settingAliases, ...streamAliases }

let rows = 0
export function headerRow(name = '', kept = false): HeaderRow {
  rows += 1
  return { key: `row-${rows}`, name, value: '', kept, replacing: false }
}

/** What an empty form starts with. */
export function newWebhookValues(start: {
  endpoint_url?: string | undefined
  signing_secret: string
}): WebhookValues {
  return {
    name: '',
    description: '',
    endpoint_url: start.endpoint_url ?? '',
    headers: [],
    time_limit_seconds: 15,
    signing_secret: start.signing_secret,
    ...newSettingValues(),
    stream: newStreamValues(),
  }
}

/** A saved webhook in the form. Header values stay with the server. */
export function savedWebhookValues(webhook: WebhookRead): WebhookValues {
  return {
    name: webhook.name,
    description: webhook.description ?? '',
    endpoint_url: webhook.endpoint_url,
    headers: webhook.headers.map(({ name }) => headerRow(name, true)),
    time_limit_seconds: webhook.time_limit_ms / 1_000,
    signing_secret: '',
    ...settingValuesOf(webhook),
    stream: webhook.stream === null ? newStreamValues() : streamValuesOf(webhook.stream),
  }
}

/** A copy of a webhook: header names come along, their values have to be given again. */
export function copiedWebhookValues(webhook: WebhookRead, signing_secret: string): WebhookValues {
  return {
    ...savedWebhookValues(webhook),
    name: `${webhook.name} (copy)`.slice(0, 100),
    headers: webhook.headers.map(({ name }) => headerRow(name)),
    signing_secret,
    // A copy was sent nothing yet, whenever the original began.
    ...(webhook.stream === null ? {} : { stream: streamValuesOf({ ...webhook.stream, start: 'now' }) }),
  }
}

/** Without a value, the server takes the one it keeps, or says that it has to be given again. */
function headerMember({ name, value, kept, replacing }: HeaderRow) {
  return kept && !replacing && value === '' ? { name } : { name, value }
}

function members(values: WebhookValues) {
  return {
    name: values.name,
    description: values.description.trim() === '' ? null : values.description,
    endpoint_url: values.endpoint_url.trim(),
    headers: values.headers.map(headerMember),
    ...settingMembers(values),
  }
}

/** The body of a creation, and the `webhook` of a test. */
export function draftOf(type: WebhookType, values: WebhookValues, enabled = true): DraftBody {
  return {
    type,
    ...members(values),
    // The switch was of another type that the form was about before.
    delivery_per_permission: values.delivery_per_permission && webhookTypeTable[type].perPermission,
    enabled,
    ...(type === 'siem' ? { stream: newStreamMembers(values.stream) } : {}),
    ...(values.time_limit_seconds === '' ? {} : { time_limit_ms: milliseconds(values.time_limit_seconds) }),
    ...(values.signing_secret === '' ? {} : { signing_secret: values.signing_secret }),
  }
}

/** The merge patch of an edit; an empty time limit is cleared, which is the default again. */
export function changeOf(type: WebhookType, values: WebhookValues): WebhookChange {
  return {
    ...members(values),
    ...(type === 'siem' ? { stream: streamMembers(values.stream) } : {}),
    time_limit_ms: values.time_limit_seconds === '' ? null : milliseconds(values.time_limit_seconds),
  }
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1_000)
}

/** Scheme, host and port; null while what is typed is not an address yet. */
export function originOf(endpointUrl: string): string | null {
  const url = URL.parse(endpointUrl.trim())
  return url ? url.origin : null
}

/** The API counts the time limit in milliseconds, the form in seconds: what is said about it follows. */
export function inFormUnits(errors: FieldErrors): FieldErrors {
  const inUnits = inStreamUnits(errors)
  return inUnits.time_limit_seconds
    ? { ...inUnits, time_limit_seconds: 'Must be from 1 to 60 seconds' }
    : inUnits
}
