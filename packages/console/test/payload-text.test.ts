import { expect, test } from 'vitest'
import { parsePayload } from '../src/components/payload-text.ts'

test.each(['[]', '1', 'null', '"text"'])('%s is JSON but no payload', (text) => {
  expect(parsePayload(text).error).toMatch(/must be a JSON object/)
})

test('Broken JSON is said to be broken', () => {
  expect(parsePayload('{"a": }').error).toMatch(/^Not valid JSON/)
})
