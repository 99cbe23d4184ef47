import fc from 'fast-check'
import { expect, test } from 'vitest'
import { highlightLimit, jsonTokens, prettyJson } from '../src/ui/json-tokens.ts'

const joined = (text: string) =>
  jsonTokens(text)
    .map((token) => token.text)
    .join('')

test('Keys, strings, numbers and literal names are told apart', () => {
  const coloured = jsonTokens('{"a": "b\\"c", "n": [-1.5e3, true, null]}').filter(
    ({ kind }) => kind !== 'plain',
  )
  expect(coloured.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'key "a"',
    'string "b\\"c"',
    'key "n"',
    'number -1.5e3',
    'word true',
    'word null',
  ])
})

test('The pieces joined are the text, for any text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => joined(text) === text))
})

test('The pieces joined are the text, for any JSON', () => {
  fc.assert(fc.property(fc.json(), (text) => joined(text) === text))
})

test('Text beyond the limit is one plain piece', () => {
  const text = '1'.repeat(highlightLimit + 1)
  expect(jsonTokens(text)).toEqual([{ kind: 'plain', text }])
})

test('JSON is indented, anything else stays as it came', () => {
  expect(prettyJson('{"a":[1]}')).toEqual({ text: '{\n  "a": [\n    1\n  ]\n}', isJson: true })
  expect(prettyJson('<h1>no</h1>')).toEqual({ text: '<h1>no</h1>', isJson: false })
})
