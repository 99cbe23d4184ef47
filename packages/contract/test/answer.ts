import type { HttpAnswer } from '../src/outcome.ts'

/** An answer with a body of text or bytes. */
export function answer(
  status: number,
  body: string | Uint8Array = '',
  headers: HttpAnswer['headers'] = [],
): HttpAnswer {
  return { status, headers, body: typeof body === 'string' ? new TextEncoder().encode(body) : body }
}
