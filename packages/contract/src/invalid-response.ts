import type { Finding } from './failure.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'
import { describeValue, type FoundResponse } from './read-response.ts'
import type { Quote } from './show-text.ts'
import type { WebhookTypeInfo } from './webhook-type.ts'

/** What `response` is instead of a decision, and what would be right. */
export function describeInvalidResponse(
  { place, value }: FoundResponse,
  type: WebhookTypeInfo,
  quote: Quote,
): Finding {
  if (isJsonObject(value)) return describeObject(place, value, type, quote)
  return { finding: `${place} is ${describeValue(value, quote)}.`, advice: scalarAdvice(value) }
}

function scalarAdvice(value: unknown): string {
  if (typeof value === 'number') return 'Set it to `true` or `false`; numbers are not read.'
  if (Array.isArray(value)) return 'Set it to `true` or `false`; arrays are not read.'
  if (typeof value === 'string') {
    if (/^\s*(?:true|false)\s*$/i.test(value.slice(0, 40))) return 'Remove the white space around the word.'
    if (/^\s*\{/.test(value.slice(0, 40))) return 'It is a text that holds JSON: send the object itself.'
    return 'Set it to `true` or `false`; of texts only "true" and "false" are read.'
  }
  return 'Set it to `true` or `false`.'
}

function describeObject(place: string, value: JsonObject, type: WebhookTypeInfo, quote: Quote): Finding {
  const word = type.decisionWord ?? 'success'
  const present = ['success', word].filter((key) => Object.hasOwn(value, key))
  const advice = `Set \`success\` or \`${word}\` in it to \`true\` or \`false\`, or ${place} itself.`
  if (present.length === 2 && value.success !== value[word]) {
    return {
      finding: `\`success\` and \`${word}\` in ${place} are different: ${describeValue(value.success, quote)} and ${describeValue(value[word], quote)}.`,
      advice: 'Send one of the two, or both with the same value.',
    }
  }
  const [key] = present
  if (key !== undefined) {
    return {
      finding: `\`${key}\` in ${place} is ${describeValue(value[key], quote)}, not \`true\` or \`false\`.`,
      advice,
    }
  }
  return {
    finding: `${place} is ${describeValue(value, quote)}, without \`success\` or \`${word}\`.`,
    advice,
  }
}
