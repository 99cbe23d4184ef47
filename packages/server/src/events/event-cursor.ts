import { validationFailed } from '../lib/problem-error.ts'

/** Where the next page of the log starts: behind this position. Opaque to callers. */
export function encodePosition(position: number): string {
  return Buffer.from(`p${position}`).toString('base64url')
}

/** The position in a cursor that `encodePosition` made. Throws 422 for anything else. */
export function decodePosition(cursor: string | undefined): number | null {
  if (cursor === undefined) return null
  const match = /^p(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  if (match) return Number(match[1])
  throw validationFailed([
    { pointer: '/query/cursor', detail: 'Use next_cursor of the page before, as it was given.' },
  ])
}
