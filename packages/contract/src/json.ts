/**
 * Reading JSON that strangers sent: answers of receivers and request bodies of API callers.
 * Linear in the number of bytes, never throws, and never recurses into what it has not measured first.
 */

import { findJsonError } from './json-error.ts'
import { parseKeepingNumbers } from './json-number.ts'
import { scanJson } from './json-scan.ts'
import { findUtf8Error } from './utf8-error.ts'

/**
 * Objects and arrays may be inside one another this often; `[]` has depth 1.
 * `JSON.parse` itself takes a million levels, but whatever walks the value afterwards (storing, logging,
 * validating) overflows the stack from about 5,000.
 */
export const maxJsonDepth = 64

export type JsonReading =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false
      readonly reason: 'invalid_utf8' | 'invalid_json' | 'too_deep'
      /** Where and what, as a clause without a full stop: "a comma or `}` is missing (line 1, column 9)". */
      readonly detail: string
    }

export type JsonOptions = {
  /** The deepest nesting that is read, default `maxJsonDepth`. */
  readonly maxDepth?: number
}

/**
 * Parses UTF-8 bytes as one JSON text (RFC 8259). One leading byte order mark is dropped, as Windows scripts
 * write it; bytes that are not UTF-8 are refused, not replaced. Of a repeated key the last value counts.
 */
export function parseJson(bytes: Uint8Array, options: JsonOptions = {}): JsonReading {
  return read(bytes, options, (text) => JSON.parse(text))
}

/**
 * The same, for a value that is to be passed on: a number that a double would change (`9007199254740993`,
 * `1e400`, `-0`) becomes an object of `JSON.rawJSON`, which `JSON.stringify` writes as it was read. All
 * other numbers are plain; `1.0` is the number 1.
 */
export function parseJsonExactly(bytes: Uint8Array, options: JsonOptions = {}): JsonReading {
  return read(bytes, options, (text, unusualNumbers) =>
    unusualNumbers ? parseKeepingNumbers(text) : JSON.parse(text),
  )
}

function read(
  bytes: Uint8Array,
  { maxDepth = maxJsonDepth }: JsonOptions,
  parse: (text: string, unusualNumbers: boolean) => unknown,
): JsonReading {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { ok: false, reason: 'invalid_utf8', detail: findUtf8Error(bytes) ?? 'not UTF-8' }
  }
  const scan = scanJson(text, maxDepth)
  if (scan.tooDeepAt !== null) {
    const detail = `nested deeper than ${maxDepth} levels (${position(text, scan.tooDeepAt)})`
    return { ok: false, reason: 'too_deep', detail }
  }
  try {
    return { ok: true, value: parse(text, scan.unusualNumbers) }
  } catch {
    // The engine's own message quotes the text around the error, which may be a secret.
    const error = findJsonError(text)
    const detail = error ? `${error.problem} (${position(text, error.offset)})` : 'not JSON'
    return { ok: false, reason: 'invalid_json', detail }
  }
}

/** "line 1, column 9", both counted from 1, columns in UTF-16 units. */
function position(text: string, offset: number): string {
  let line = 1
  let lineStart = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', lineStart)) {
    line += 1
    lineStart = at + 1
  }
  return `line ${line}, column ${offset - lineStart + 1}`
}
