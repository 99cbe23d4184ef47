/**
 * Two suites that others made, each file with its expected verdict: `test/fixtures/jsontestsuite-verdicts.json`
 * holds for every file how it is parsed, how it is read as a whole answer, and how inside
 * `{"response": true, "x": <file>}`. The verdicts were worked out with another JSON parser than ours.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseJson, parseJsonExactly } from '../src/json.ts'
import type { Outcome } from '../src/outcome.ts'
import { readOutcome } from '../src/read-outcome.ts'
import { answer } from './answer.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const suite = join(fixtures, 'jsontestsuite')

type Verdict = readonly [parsed: string, alone: string, wrapped: string]
const verdicts: Record<string, Verdict> = JSON.parse(
  readFileSync(join(fixtures, 'jsontestsuite-verdicts.json'), 'utf8'),
)
const files = ['test_parsing', 'test_transform'].flatMap((folder) =>
  readdirSync(join(suite, folder)).map((name) => `${folder}/${name}`),
)

function parseVerdict(bytes: Uint8Array): string {
  const read = parseJson(bytes)
  return read.ok ? 'parsed' : read.reason
}

function outcomeVerdict(outcome: Outcome): string {
  return outcome.status === 'succeeded' ? String(outcome.decision) : outcome.failure_reason
}

describe('JSONTestSuite', () => {
  test('every file has a verdict, and every verdict a file', () => {
    expect(Object.keys(verdicts).sort()).toEqual(files.sort())
    expect(files).toHaveLength(340)
  })

  test('the verdicts accept every y_ file and refuse every n_ file', () => {
    const counts = { y: 0, n: 0 }
    for (const [file, [parsed]] of Object.entries(verdicts)) {
      const kind = /test_parsing\/([yn])_/.exec(file)?.[1] as 'y' | 'n' | undefined
      if (!kind) continue
      counts[kind] += 1
      expect(parsed === 'parsed', file).toBe(kind === 'y')
    }
    expect(counts).toEqual({ y: 95, n: 188 })
  })

  test.each(files)('%s', (file) => {
    const bytes = readFileSync(join(suite, file))
    const wrapped = Buffer.concat([Buffer.from('{"response": true, "x": '), bytes, Buffer.from('}')])
    const found = [
      parseVerdict(bytes),
      outcomeVerdict(readOutcome('pre_approval', answer(200, bytes))),
      outcomeVerdict(readOutcome('pre_approval', answer(200, wrapped))),
    ]
    expect(found).toEqual(verdicts[file])
    expect(parseJsonExactly(bytes).ok).toBe(found[0] === 'parsed')
  })
})

describe('utf8tests', () => {
  const cases = readFileSync(join(fixtures, 'utf8tests', 'utf8tests.txt'), 'ascii')
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => {
      const [number = '', kind = '', given = ''] = line.split(':').map((part) => part.trim())
      const bytes = kind.endsWith('hex') ? Buffer.from(given.replaceAll(' ', ''), 'hex') : Buffer.from(given)
      return { number, valid: kind.startsWith('valid'), bytes }
    })
  /** Valid UTF-8 that JSON does not allow inside a string. */
  const controls = ['5.0', '37.2.1', '37.4']

  test('has 77 valid and 145 invalid cases', () => {
    expect(cases.filter(({ valid }) => valid)).toHaveLength(77)
    expect(cases.filter(({ valid }) => !valid)).toHaveLength(145)
  })

  test.each(cases)('$number, valid: $valid', ({ number, valid, bytes }) => {
    const body = Buffer.concat([Buffer.from('{"response": true, "message": "x'), bytes, Buffer.from('"}')])
    const expected = !valid ? 'invalid_utf8' : controls.includes(number) ? 'invalid_json' : 'parsed'
    expect(parseVerdict(body)).toBe(expected)
    expect(outcomeVerdict(readOutcome('pre_approval', answer(200, body)))).toBe(
      expected === 'parsed' ? 'true' : 'invalid_json',
    )
  })

  test.each(cases.filter(({ valid, number }) => valid && !controls.includes(number)))(
    '$number keeps its characters in the message',
    ({ bytes }) => {
      const body = Buffer.concat([Buffer.from('{"response": true, "message": "x'), bytes, Buffer.from('y"}')])
      const text = bytes.toString('utf8').replace(/\p{Cc}/gu, '')
      expect(readOutcome('pre_approval', answer(200, body))).toMatchObject({ message: `x${text}y` })
    },
  )
})
