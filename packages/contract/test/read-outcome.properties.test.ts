/** What holds for every answer there can be. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureReasons, type HttpAnswer, type Outcome } from '../src/outcome.ts'
import { readOutcome } from '../src/read-outcome.ts'
import { webhookTypes } from '../src/webhook-type.ts'
import { answer } from './answer.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const anyType = fc.constantFrom(...webhookTypes)
const inlineType = fc.constantFrom(...webhookTypes.filter((type) => type !== 'siem'))
const anyStatus = fc.oneof(fc.integer({ min: 200, max: 299 }), fc.integer(), fc.double())
const anyHeader = fc.tuple(
  fc.oneof(fc.constantFrom('content-type', 'content-encoding', 'location'), fc.string()),
  fc.oneof(
    fc.string(),
    fc.string().map((text) => `text/html; charset=${text}`),
  ),
)

/** JSON that is mostly made of the words that matter, so that the rules are met often. */
const words = [
  'response',
  'output',
  'message',
  'success',
  'approved',
  'valid',
  'provisioned',
  '__proto__',
  'constructor',
]
const { answerLike } = fc.letrec<{ answerLike: unknown }>((tie) => ({
  answerLike: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(true, false, null, 'true', 'FALSE', 'yes', 0, 1),
    fc.string({ unit: 'binary' }),
    fc.array(tie('answerLike'), { maxLength: 2 }),
    fc
      .array(fc.tuple(fc.constantFrom(...words), tie('answerLike')), { maxLength: 4 })
      .map(Object.fromEntries),
  ),
}))
const anyBody = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  answerLike.map((value) => utf8(JSON.stringify(value))),
  fc.string({ unit: 'binary' }).map((text) => utf8(text)),
  fc.json().map((text) => utf8(text)),
)
const anyAnswer: fc.Arbitrary<HttpAnswer> = fc.record({
  status: anyStatus,
  headers: fc.array(anyHeader, { maxLength: 3 }),
  body: anyBody,
})

// The `u` flag lets \p{Surrogate} see only halves without their partner.
const unclean = /[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/u

function expectOneOutcome(outcome: Outcome): void {
  expect(outcome.explanation.length).toBeGreaterThan(20)
  expect(outcome.explanation.length).toBeLessThan(1_000)
  expect(outcome.explanation).not.toMatch(unclean)
  if (outcome.status === 'failed') {
    expect(Object.keys(outcome).sort()).toEqual(['explanation', 'failure_reason', 'status'])
    expect(failureReasons).toContain(outcome.failure_reason)
  } else {
    expect(Object.keys(outcome).sort()).toEqual(['decision', 'explanation', 'message', 'status'])
    expect([true, false, null]).toContain(outcome.decision)
    if (outcome.message !== null) {
      expect(outcome.message).not.toBe('')
      expect(outcome.message.length).toBeLessThanOrEqual(2_000)
      expect(outcome.message).not.toMatch(unclean)
    }
  }
}

describe('readOutcome', () => {
  test('gives exactly one outcome for any answer, and never throws', () => {
    fc.assert(
      fc.property(anyType, anyAnswer, (type, given) => expectOneOutcome(readOutcome(type, given))),
      { numRuns: 3_000 },
    )
  })

  test('what is done to quotes changes the words of an outcome, never what was decided', () => {
    const decided = (outcome: Outcome) =>
      outcome.status === 'failed' ? outcome.failure_reason : outcome.decision
    fc.assert(
      fc.property(anyType, anyAnswer, (type, given) => {
        expect(decided(readOutcome(type, given, () => '••••••'))).toBe(decided(readOutcome(type, given)))
      }),
    )
  })

  test('gives the same outcome for the same answer and leaves the answer as it was', () => {
    fc.assert(
      fc.property(anyType, anyAnswer, (type, given) => {
        const before = structuredClone(given)
        expect(readOutcome(type, given)).toEqual(readOutcome(type, given))
        expect(given).toEqual(before)
      }),
    )
  })

  test('siem succeeds exactly with 2xx', () => {
    fc.assert(
      fc.property(anyAnswer, (given) => {
        const received = given.status >= 200 && given.status < 300
        expect(readOutcome('siem', given).status).toBe(received ? 'succeeded' : 'failed')
      }),
    )
  })

  test('inline types never succeed without 2xx, and always with a decision', () => {
    fc.assert(
      fc.property(inlineType, anyAnswer, (type, given) => {
        const outcome = readOutcome(type, given)
        if (outcome.status === 'failed') return
        expect(given.status >= 200 && given.status < 300).toBe(true)
        expect(typeof outcome.decision).toBe('boolean')
      }),
    )
  })

  test('what stands beside an `output.response` changes nothing', () => {
    fc.assert(
      fc.property(inlineType, answerLike, answerLike, (type, inner, top) => {
        const output = { response: inner }
        const alone = readOutcome(type, answer(200, JSON.stringify({ output })))
        const both = readOutcome(
          type,
          answer(200, JSON.stringify({ response: top, output, message: 'outer' })),
        )
        const meaning = ({ explanation: _, ...rest }: Outcome) => rest
        expect(meaning(both)).toEqual(meaning(alone))
      }),
    )
  })

  test('what stands under `__proto__` or `constructor` changes nothing', () => {
    fc.assert(
      fc.property(
        inlineType,
        fc.constantFrom('__proto__', 'constructor', 'prototype'),
        answerLike,
        (type, key, value) => {
          const hidden = `"${key}": ${JSON.stringify({ response: value, output: { response: value }, success: true })}`
          const read = (body: string) => readOutcome(type, answer(200, body))
          expect(read(`{${hidden}}`)).toMatchObject({ failure_reason: 'missing_response' })
          expect(read(`{"output": {${hidden}}}`)).toMatchObject({ failure_reason: 'missing_response' })
          expect(read(`{"response": {${hidden}}}`)).toMatchObject({ failure_reason: 'invalid_response' })
          expect(read(`{${hidden}, "response": false}`)).toMatchObject({ decision: false, message: null })
        },
      ),
    )
  })

  test('a polluted prototype of the process is not read either', () => {
    const polluted: Record<string, unknown> = {
      response: true,
      output: { response: true },
      success: true,
      message: 'no',
    }
    try {
      Object.defineProperties(
        Object.prototype,
        Object.fromEntries(
          Object.entries(polluted).map(([key, value]) => [
            key,
            { value, configurable: true, writable: true },
          ]),
        ),
      )
      expect(readOutcome('pre_approval', answer(200, '{}'))).toMatchObject({
        failure_reason: 'missing_response',
      })
      expect(readOutcome('pre_approval', answer(200, '{"response": {}}'))).toMatchObject({
        failure_reason: 'invalid_response',
      })
      expect(readOutcome('pre_approval', answer(200, '{"output": {}, "response": false}'))).toMatchObject({
        decision: false,
      })
      expect(readOutcome('pre_approval', answer(200, '{"response": false}'))).toMatchObject({
        decision: false,
        message: null,
      })
    } finally {
      for (const key of Object.keys(polluted))
        delete (Object.prototype as unknown as Record<string, unknown>)[key]
    }
  })
})

/** Bodies of 2 MiB, twice the limit, each built to make a careless reader slow. Work that is not linear runs into the time limit of the test. */
describe('hostile bodies of 2 MiB are read in linear work', () => {
  const size = 2 * 1_048_576
  const fill = (unit: string) => unit.repeat(Math.ceil(size / unit.length))
  test.each([
    ['open arrays', fill('[')],
    ['open objects', fill('{"a":')],
    ['closing brackets', fill(']')],
    ['an open string', `"${fill('a')}`],
    ['backslashes', `"${fill('\\')}`],
    ['line breaks', `{${fill('\n')}`],
    ['white space', fill(' ')],
    ['digits', fill('9')],
    ['digits and zeros', `{"response": 1${fill('0')}1}`],
    ['a long number', `{"response": 0.${fill('0')}1}`],
    ['many keys', `{${fill('"a":1,')}"response":true}`],
    ['many keys that differ', `{${Array.from({ length: 150_000 }, (_, at) => `"k${at}":1`).join()}}`],
    ['a long key', `{"${fill('response')}":1}`],
    ['a long message of controls', `{"response":true,"message":"${fill('\\u0000')}"}`],
    ['a long message of line breaks', `{"response":true,"message":"${fill('\\n')}x"}`],
    ['a long message of spaces', `{"response":true,"message":"x${fill(' ')}x"}`],
    ['half characters', `{"response":true,"message":"${fill('\\ud800')}"}`],
    ['a long text as response', `{"response":"${fill(' ')}true"}`],
    ['a long array as response', `{"response":[${fill('1,')}1]}`],
    ['a title that does not end', `<html><title${fill(' ')}`],
    ['many titles', fill('<title>')],
    ['form data', fill('a=')],
    ['words', fill('word ')],
    ['a long output text', `{"output":"${fill(' ')}{"}`],
  ])('%s', (_name, body) => {
    expectOneOutcome(readOutcome('pre_approval', answer(200, body)))
    const headers: Array<[string, string]> = [
      ['content-type', `text/html${'; charset='.repeat(5_000)}x`],
      ['content-encoding', ','.repeat(16_000)],
    ]
    expectOneOutcome(readOutcome('pre_approval', answer(200, body, headers)))
  })
})
