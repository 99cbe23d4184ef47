import { findScalarEnd, type JsonError, stringEnd } from './json-scalar-error.ts'

type State = 'value' | 'first_value' | 'key' | 'first_key' | 'after_value'

/**
 * Finds the first place where a text is not JSON (RFC 8259), null when it is JSON. Run only after `JSON.parse`
 * refused the text: it says where and what in words that quote at most one character of the text.
 */
export function findJsonError(text: string): JsonError | null {
  const open: Array<'{' | '['> = []
  let state: State = 'value'
  let at = 0
  for (;;) {
    at = skipSpace(text, at)
    const inside = open.at(-1)
    if (state === 'after_value' && inside === undefined) {
      return at === text.length
        ? null
        : { offset: at, problem: 'there is more text after the end of the JSON' }
    }
    if (at === text.length) return tooShort(at, open.length)
    const character = text[at] as string

    if (state === 'after_value') {
      if (character === ',') state = inside === '{' ? 'key' : 'value'
      else if (character === closing(inside)) open.pop()
      else return { offset: at, problem: `a comma or \`${closing(inside)}\` is missing` }
      at += 1
    } else if (state === 'key' || state === 'first_key') {
      if (character === '}' && state === 'first_key') {
        open.pop()
        state = 'after_value'
        at += 1
        continue
      }
      if (character !== '"') return { offset: at, problem: keyProblem(character) }
      const end = stringEnd(text, at)
      if (typeof end !== 'number') return end
      at = skipSpace(text, end)
      if (text[at] !== ':') {
        return at === text.length
          ? tooShort(at, open.length)
          : { offset: at, problem: 'a colon is missing after the key' }
      }
      at += 1
      state = 'value'
    } else if (character === '{' || character === '[') {
      open.push(character)
      state = character === '{' ? 'first_key' : 'first_value'
      at += 1
    } else if (character === ']' && state === 'first_value') {
      open.pop()
      state = 'after_value'
      at += 1
    } else if (character === ']' && inside === '[') {
      return { offset: at, problem: 'a comma before `]` is not allowed' }
    } else {
      const end = findScalarEnd(text, at)
      if (typeof end !== 'number') return end
      at = end
      state = 'after_value'
    }
  }
}

function tooShort(offset: number, open: number): JsonError {
  if (open > 0) return { offset, problem: 'the text ends in the middle of the JSON' }
  return { offset, problem: 'there is no JSON, only an empty text' }
}

function keyProblem(character: string): string {
  if (character === '}') return 'a comma before `}` is not allowed'
  if (character === "'") return "keys need double quotes, not `'`"
  return 'a key in double quotes is missing'
}

function closing(open: '{' | '[' | undefined): string {
  return open === '{' ? '}' : ']'
}

function skipSpace(text: string, start: number): number {
  let at = start
  while (at < text.length && ' \t\n\r'.includes(text[at] as string)) at += 1
  return at
}
