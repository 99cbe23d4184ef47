import { ApiError, sentenceOf } from '../api-error.ts'

/** What is wrong with a file as a whole, such as its encoding; undefined when nothing is. Pure. */
export function importProblem(error: unknown): string | undefined {
  if (!error) return undefined
  if (!(error instanceof ApiError)) return sentenceOf(error)
  const details = error.problem.errors.map(({ detail }) => detail)
  return details.length > 0 ? details.join(' ') : sentenceOf(error)
}
