import type { Payload } from '../api.ts'

export type ParsedPayload = { payload: Payload; error: null } | { payload: null; error: string }

/** Reads what was typed as the payload: a JSON object, or what is wrong with it. */
export function parsePayload(text: string): ParsedPayload {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { payload: value as Payload, error: null }
    }
    return { payload: null, error: 'The payload must be a JSON object, in braces: { … }' }
  } catch (error) {
    return {
      payload: null,
      error: `Not valid JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`,
    }
  }
}
