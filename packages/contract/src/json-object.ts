import { isKeptNumber } from './json-number.ts'

/** A JSON object, not an array, not null and not a number kept by `parseJsonExactly`. Read it with `own`: keys of its prototype are nobody's answer. */
export type JsonObject = { readonly [key: string]: unknown }

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isKeptNumber(value)
}

/** The value of an own key, undefined when there is none (JSON has no undefined). */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
