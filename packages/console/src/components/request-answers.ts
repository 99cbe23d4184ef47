import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import { dateWords } from '../ui/time-words.ts'

type Answer = NonNullable<AccessRequestRead['custom_fields']>[string]

/** An answer to an intake field as people read it; empty when there is none. Pure. */
export function answerWords(answer: Answer): string {
  if (answer === null) return ''
  if (typeof answer === 'boolean') return answer ? 'Yes' : 'No'
  if (typeof answer === 'number') return answer.toLocaleString('en')
  if (Array.isArray(answer)) return answer.join(', ')
  // Dates come as they are stored; noon keeps the day the same in every time zone.
  return /^\d{4}-\d{2}-\d{2}$/.test(answer) ? dateWords(`${answer}T12:00:00`) : answer
}
