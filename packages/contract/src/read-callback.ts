import { parseJson } from './json.ts'
import { isJsonObject, own } from './json-object.ts'
import type { HttpAnswer } from './outcome.ts'

/**
 * Whether an answer says "later": 202 and a JSON object whose own member `callback` is `true`. The answer then comes to
 * the callback URL of the payload.
 */
export function wantsCallback({ status, body }: HttpAnswer): boolean {
  if (status !== 202) return false
  const parsed = parseJson(body)
  return parsed.ok && isJsonObject(parsed.value) && own(parsed.value, 'callback') === true
}
