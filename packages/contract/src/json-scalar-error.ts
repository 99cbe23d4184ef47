import { showText } from './show-text.ts'

/** `problem` is a clause without a full stop that names at most one character of the text. */
export type JsonError = { readonly offset: number; readonly problem: string }

/** Words of other languages where JSON has its own, and what JSON writes instead. */
const foreignWords: ReadonlyArray<readonly [word: string, instead: string]> = [
  ['True', 'write `true`'],
  ['False', 'write `false`'],
  ['TRUE', 'write `true`'],
  ['FALSE', 'write `false`'],
  ['None', 'write `null`'],
  ['NULL', 'write `null`'],
  ['nil', 'write `null`'],
  ['undefined', 'write `null`'],
  ['NaN', 'write `null`'],
  ['Infinity', 'write `null`'],
]

/** The offset behind the string, number or word at `start`, or what is wrong with it. */
export function findScalarEnd(text: string, start: number): number | JsonError {
  const character = text[start] as string
  if (character === '"') return stringEnd(text, start)
  if (character === '-' || isDigit(text, start)) return numberEnd(text, start)
  for (const word of ['true', 'false', 'null']) {
    if (text.startsWith(word, start)) return start + word.length
  }
  return { offset: start, problem: valueProblem(text, start) }
}

/** The offset behind the closing quote of the string whose opening quote is at `start`. */
export function stringEnd(text: string, start: number): number | JsonError {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at] as string
    if (character === '"') return at + 1
    if (character < ' ') {
      const shown = character === '\n' || character === '\r' ? 'a line break' : 'a control character'
      return { offset: at, problem: `${shown} inside a string must be escaped` }
    }
    if (character !== '\\') continue
    at += 1
    if (at === text.length) break
    if (text[at] === 'u') {
      if (!/^[0-9a-f]{4}$/i.test(text.slice(at + 1, at + 5))) {
        return { offset: at - 1, problem: '`\\u` needs four hexadecimal digits' }
      }
      at += 4
    } else if (!'"\\/bfnrt'.includes(text[at] as string)) {
      return { offset: at - 1, problem: 'a backslash must start one of the escapes that JSON knows' }
    }
  }
  return { offset: text.length, problem: 'the text ends inside a string' }
}

function numberEnd(text: string, start: number): number | JsonError {
  let at = text[start] === '-' ? start + 1 : start
  if (!isDigit(text, at)) return { offset: at, problem: 'a digit is missing after `-`' }
  if (text[at] === '0' && isDigit(text, at + 1)) {
    return { offset: at, problem: 'a number must not start with `0`' }
  }
  at = digitsEnd(text, at)
  if (text[at] === '.') {
    if (!isDigit(text, at + 1)) return { offset: at, problem: 'a digit is missing after the decimal point' }
    at = digitsEnd(text, at + 1)
  }
  if (text[at] === 'e' || text[at] === 'E') {
    const digits = text[at + 1] === '+' || text[at + 1] === '-' ? at + 2 : at + 1
    if (!isDigit(text, digits)) return { offset: at, problem: 'a digit is missing in the exponent' }
    at = digitsEnd(text, digits)
  }
  return at
}

function valueProblem(text: string, start: number): string {
  const character = text[start] as string
  if (character === "'") return "strings need double quotes, not `'`"
  if (character === '/') return 'comments are not allowed'
  for (const [word, instead] of foreignWords) {
    if (text.startsWith(word, start)) return `\`${word}\` is not JSON, ${instead}`
  }
  const point = String.fromCodePoint(text.codePointAt(start) as number)
  return `a value cannot start with \`${showText(point, 8)}\``
}

function digitsEnd(text: string, start: number): number {
  let at = start
  while (isDigit(text, at)) at += 1
  return at
}

function isDigit(text: string, at: number): boolean {
  const character = text[at]
  return character !== undefined && character >= '0' && character <= '9'
}
