import { type ProblemCode, problemCodes, problemSchema } from '@keyhook/contract/api/problem.ts'

/** The error part of a route's response schema, for OpenAPI: the problems that this route can answer with. */
export function problems(...codes: ProblemCode[]): Record<number, typeof problemSchema> {
  const always: ProblemCode[] = ['unauthenticated', 'internal_error', 'unavailable']
  return Object.fromEntries([...codes, ...always].map((code) => [problemCodes[code].status, problemSchema]))
}
