/** How answers are read, as a table. Every rule is a row; where types differ, each has its own rows. */

import { describe, expect, test } from 'vitest'
import type { FailureReason } from '../src/outcome.ts'
import { readOutcome } from '../src/read-outcome.ts'
import { type WebhookType, webhookTypes } from '../src/webhook-type.ts'
import { answer } from './answer.ts'

const validation: WebhookType[] = ['request_validation']
const preApproval: WebhookType[] = ['pre_approval']
const provisioning: WebhookType[] = ['provisioning']
const deprovisioning: WebhookType[] = ['deprovisioning']
const deciding: WebhookType[] = [...validation, ...preApproval]
const doing: WebhookType[] = [...provisioning, ...deprovisioning]
const inline: WebhookType[] = [...deciding, ...doing]
const siem: WebhookType[] = ['siem']
const every: readonly WebhookType[] = webhookTypes

/** A decision, `received` for siem, or a failure reason. */
type Expected = boolean | 'received' | FailureReason
type Row = readonly [
  types: readonly WebhookType[],
  status: number,
  body: string,
  expected: Expected,
  rule: string,
]

// biome-ignore format: a table is read by its columns
const statusRows: Row[] = [
  [inline,         200, '{"response": true}',             true,               '200 with a readable response is an answer'],
  [inline,         201, '{"response": true}',             true,               'any other 2xx counts like 200'],
  [inline,         202, '{"response": false}',            false,              'false is an answer, not a failure'],
  [inline,         299, '{"response": true}',             true,               '2xx ends at 299'],
  [doing,          204, '',                               true,               '204 means true where something is done'],
  [deciding,       204, '',                               'missing_response', '204 decides nothing where a decision is asked for'],
  [inline,         200, '',                               'missing_response', 'an empty body holds no response'],
  [inline,         205, '',                               'missing_response', 'of the 2xx without a body only 204 means true'],
  [doing,          204, '{"response": false}',            true,               '204 has no body; bytes behind it are not read'],
  [siem,           200, '',                               'received',         'an event is received with any 2xx'],
  [siem,           204, '',                               'received',         'an event is received with 204'],
  [siem,           200, '{"response": false}',            'received',         'the answer to an event decides nothing'],
  [siem,           202, '<html>{"response"',              'received',         'the body of the answer to an event is not read'],
  [siem,           299, '\u0000',                         'received',         'whatever the body'],
  [every,          199, '{"response": true}',             'http_status',      'a status under 200 is no answer'],
  [every,          101, '',                               'http_status',      'a switch of protocols is no answer'],
  [every,          300, '{"response": true}',             'redirect',         'every 3xx is a redirect, whatever the body'],
  [every,          301, '{"response": true}',             'redirect',         'redirects are never followed'],
  [every,          302, '',                               'redirect',         'redirects are never followed'],
  [every,          304, '',                               'redirect',         '304 points to something else than an answer'],
  [every,          307, '{"response": true}',             'redirect',         'not even those that keep the method'],
  [every,          399, '',                               'redirect',         '3xx ends at 399'],
  [every,          400, '{"response": true}',             'http_status',      'a readable body does not mend a bad status'],
  [every,          401, '{"output": {"response": true}}', 'http_status',      'nor does `output`'],
  [every,          404, '',                               'http_status',      '4xx is a failure'],
  [every,          410, '',                               'http_status',      '4xx is a failure'],
  [every,          500, '{"response": false}',            'http_status',      '5xx is a failure, never a false'],
  [every,          503, '',                               'http_status',      '5xx is a failure'],
  [every,          999, '{"response": true}',             'http_status',      'a status that does not exist is a failure'],
  [every,            0, '{"response": true}',             'http_status',      'nor is 0 one'],
  [every,   Number.NaN, '{"response": true}',             'http_status',      'nor is no number'],
]

// biome-ignore format: a table is read by its columns
const placeRows: Row[] = [
  [inline, 200, '{"output": {"response": true}}',                              true,               '`output.response` counts'],
  [inline, 200, '{"output": {"response": false}, "response": true}',           false,              '`output.response` is used first'],
  [inline, 200, '{"response": true, "output": {"response": false}}',           false,              'whichever is written first'],
  [inline, 200, '{"output": {"response": null}, "response": true}',            'invalid_response', '`output.response` is used even when it is null'],
  [inline, 200, '{"output": {"response": 0}, "response": true}',               'invalid_response', 'or 0'],
  [inline, 200, '{"output": {"response": ""}, "response": true}',              'invalid_response', 'or an empty text'],
  [inline, 200, '{"output": {}, "response": true}',                            true,               'an `output` without `response` gives way to the top level'],
  [inline, 200, '{"output": {"Response": false}, "response": true}',           true,               'keys are compared exactly'],
  [inline, 200, '{"output": null, "response": false}',                         false,              'an `output` of null gives way'],
  [inline, 200, '{"output": [{"response": false}], "response": true}',         true,               'an `output` that is an array gives way'],
  [inline, 200, '{"output": "{\\"response\\": false}", "response": true}',     true,               'an `output` that is text gives way'],
  [inline, 200, '{"output": true, "response": false}',                         false,              'an `output` that is a boolean gives way'],
  [inline, 200, '{"output": {"output": {"response": true}}}',                  'missing_response', '`output` is looked for once'],
  [inline, 200, '{"data": {"response": true}}',                                'missing_response', 'no other wrapper is looked into'],
  [inline, 200, '{}',                                                          'missing_response', 'an empty object holds no response'],
  [inline, 200, '{"output": {}}',                                              'missing_response', 'an empty `output` neither'],
  [inline, 200, '{"output": true}',                                            'missing_response', '`output` itself is no response'],
  [inline, 200, '{"Response": true}',                                          'missing_response', 'keys are compared exactly'],
  [inline, 200, '{" response": true}',                                         'missing_response', 'with their spaces'],
  [inline, 200, '{"respon\\u0073e": true}',                                    true,               'escapes in a key are read as JSON reads them'],
  [inline, 200, '{"result": true}',                                            'missing_response', 'another key is no response'],
  [inline, 200, '{"success": true}',                                           'missing_response', '`success` counts only inside `response`'],
  [inline, 200, '{"approved": true, "valid": true, "provisioned": true, "deprovisioned": true}', 'missing_response', 'so do the words of the types'],
  [inline, 200, '[]',                                                          'missing_response', 'an array holds no response'],
  [inline, 200, '[{"response": true}]',                                        'missing_response', 'not even in its first item'],
  [inline, 200, 'true',                                                        'missing_response', 'a bare true is JSON without a response'],
  [inline, 200, 'null',                                                        'missing_response', 'so is null'],
  [inline, 200, '1',                                                           'missing_response', 'so is a number'],
  [inline, 200, '"true"',                                                      'missing_response', 'so is a text'],
  [inline, 200, '"{\\"response\\": true}"',                                    'missing_response', 'JSON in a JSON text is not read a second time'],
  [inline, 200, '{"__proto__": {"response": true}}',                           'missing_response', 'what a prototype might hold never counts'],
  [inline, 200, '{"output": {"__proto__": {"response": true}}}',               'missing_response', 'nor in `output`'],
  [inline, 200, '{"__proto__": {"output": {"response": true}}, "response": false}', false,         'nor beside a response'],
  [inline, 200, '{"constructor": {"response": true}}',                         'missing_response', 'nor what a constructor might hold'],
  [inline, 200, '{"response": true, "response": false}',                       false,              'of a repeated key the last value counts'],
  [inline, 200, '{"output": {"response": true}, "output": {"response": false}}', false,            'of a repeated `output` too'],
]

// biome-ignore format: a table is read by its columns
const valueRows: Row[] = [
  [inline, 200, '{"response": true}',                             true,               'true is true'],
  [inline, 200, '{"response": false}',                            false,              'false is false'],
  [inline, 200, '{"response": "true"}',                           true,               'the text true is true'],
  [inline, 200, '{"response": "false"}',                          false,              'the text false is false'],
  [inline, 200, '{"response": "TRUE"}',                           true,               'in any letter case'],
  [inline, 200, '{"response": "False"}',                          false,              'in any letter case'],
  [inline, 200, '{"response": "tRuE"}',                           true,               'in any letter case'],
  [inline, 200, '{"output": {"response": "True"}}',               true,               'in `output` as well'],
  [inline, 200, '{"response": " true"}',                          'invalid_response', 'with nothing around it'],
  [inline, 200, '{"response": "true "}',                          'invalid_response', 'with nothing around it'],
  [inline, 200, '{"response": "true\\n"}',                        'invalid_response', 'not even a line break'],
  [inline, 200, '{"response": "\\u0000true"}',                    'invalid_response', 'nor a NUL'],
  [inline, 200, '{"response": "\\"true\\""}',                     'invalid_response', 'nor quotes'],
  [inline, 200, '{"response": "fal\\u017fe"}',                    'invalid_response', 'a long s is not an s'],
  [inline, 200, '{"response": "\\uff54rue"}',                     'invalid_response', 'a full-width t is not a t'],
  [inline, 200, '{"response": "yes"}',                            'invalid_response', 'other words are not guessed'],
  [inline, 200, '{"response": "1"}',                              'invalid_response', 'nor are digits'],
  [inline, 200, '{"response": ""}',                               'invalid_response', 'nor is an empty text'],
  [inline, 200, '{"response": "{\\"success\\": true}"}',          'invalid_response', 'JSON in a text is not read'],
  [inline, 200, '{"response": null}',                             'invalid_response', 'null is no decision'],
  [inline, 200, '{"response": 1}',                                'invalid_response', 'numbers are no decision'],
  [inline, 200, '{"response": 0}',                                'invalid_response', 'numbers are no decision'],
  [inline, 200, '{"response": 1e400}',                            'invalid_response', 'nor are numbers too large to hold'],
  [inline, 200, '{"response": []}',                               'invalid_response', 'arrays are no decision'],
  [inline, 200, '{"response": [true]}',                           'invalid_response', 'arrays are no decision'],
  [inline, 200, '{"response": {}}',                               'invalid_response', 'an object without a known key is no decision'],
  [inline, 200, '{"response": {"result": true}}',                 'invalid_response', 'an object without a known key is no decision'],
  [inline, 200, '{"response": {"response": true}}',               'invalid_response', '`response` inside `response` is no known key'],
  [inline, 200, '{"response": {"success": true}}',                true,               '`success` is read for every type'],
  [inline, 200, '{"response": {"success": false}}',               false,              '`success` is read for every type'],
  [inline, 200, '{"output": {"response": {"success": true}}}',    true,               'in `output` as well'],
  [inline, 200, '{"response": {"success": "true"}}',              'invalid_response', 'inside an object only booleans count'],
  [inline, 200, '{"response": {"success": 1}}',                   'invalid_response', 'inside an object only booleans count'],
  [inline, 200, '{"response": {"success": null}}',                'invalid_response', 'inside an object only booleans count'],
  [inline, 200, '{"response": {"Success": true}}',                'invalid_response', 'keys are compared exactly'],
  [inline, 200, '{"response": {"__proto__": {"success": true}}}', 'invalid_response', 'what a prototype might hold never counts'],
  [inline, 200, '{"response": {"success": true, "x": {"success": false}}}', true,     'other members are not looked into'],

  [validation,     200, '{"response": {"valid": true}}',                           true,               'validation has the word `valid`'],
  [validation,     200, '{"response": {"valid": false}}',                          false,              'validation has the word `valid`'],
  [validation,     200, '{"response": {"valid": true, "success": true}}',          true,               'both words may agree'],
  [validation,     200, '{"response": {"valid": true, "success": false}}',         'invalid_response', 'but not differ'],
  [validation,     200, '{"response": {"approved": true}}',                        'invalid_response', 'the word of another type is not read'],
  [validation,     200, '{"response": {"valid": false, "approved": true}}',        false,              'nor does it disturb'],
  [preApproval,    200, '{"response": {"approved": true}}',                        true,               'pre-approval has the word `approved`'],
  [preApproval,    200, '{"response": {"approved": false}}',                       false,              'pre-approval has the word `approved`'],
  [preApproval,    200, '{"response": {"approved": false, "success": false}}',     false,              'both words may agree'],
  [preApproval,    200, '{"response": {"approved": false, "success": true}}',      'invalid_response', 'but not differ'],
  [preApproval,    200, '{"response": {"valid": true}}',                           'invalid_response', 'the word of another type is not read'],
  [provisioning,   200, '{"response": {"provisioned": true}}',                     true,               'provisioning has the word `provisioned`'],
  [provisioning,   200, '{"response": {"provisioned": false}}',                    false,              'provisioning has the word `provisioned`'],
  [provisioning,   200, '{"response": {"provisioned": true, "success": true}}',    true,               'both words may agree'],
  [provisioning,   200, '{"response": {"provisioned": true, "success": false}}',   'invalid_response', 'but not differ'],
  [provisioning,   200, '{"response": {"deprovisioned": true}}',                   'invalid_response', 'the word of another type is not read'],
  [deprovisioning, 200, '{"response": {"deprovisioned": true}}',                   true,               'deprovisioning has the word `deprovisioned`'],
  [deprovisioning, 200, '{"response": {"deprovisioned": false}}',                  false,              'deprovisioning has the word `deprovisioned`'],
  [deprovisioning, 200, '{"response": {"deprovisioned": true, "success": true}}',  true,               'both words may agree'],
  [deprovisioning, 200, '{"response": {"deprovisioned": false, "success": true}}', 'invalid_response', 'but not differ'],
  [deprovisioning, 200, '{"response": {"provisioned": true}}',                     'invalid_response', 'the word of another type is not read'],
  [preApproval,    200, '{"response": {"approved": "yes", "success": true}}',      'invalid_response', 'two words differ when one is no boolean'],
  [preApproval,    200, '{"response": {"approved": true, "success": null}}',       'invalid_response', 'or null'],
  [preApproval,    200, '{"response": {"approved": "x", "success": "x"}}',         'invalid_response', 'the same text twice is still no boolean'],
]

// biome-ignore format: a table is read by its columns
const jsonRows: Row[] = [
  [inline, 200, ' \n\t\r{"response": true}\n',                            true,               'white space around the JSON is allowed'],
  [inline, 200, '\ufeff{"response": true}',                               true,               'one byte order mark is dropped'],
  [inline, 200, '\ufeff\ufeff{"response": true}',                         'invalid_json',     'only one'],
  [inline, 200, ' ',                                                      'invalid_json',     'white space alone is no JSON'],
  [inline, 200, '{"response": true',                                      'invalid_json',     'JSON that is cut off is not read'],
  [inline, 200, '{"response": true} ok',                                  'invalid_json',     'nor with something behind it'],
  [inline, 200, '{"response": true}{"response": true}',                   'invalid_json',     'nor two answers'],
  [inline, 200, '{"response": true,}',                                    'invalid_json',     'nor with a trailing comma'],
  [inline, 200, "{'response': true}",                                     'invalid_json',     'nor with single quotes'],
  [inline, 200, '{response: true}',                                       'invalid_json',     'nor with bare keys'],
  [inline, 200, '{"response": True}',                                     'invalid_json',     'nor with words of other languages'],
  [inline, 200, '{"response": true} // done',                             'invalid_json',     'nor with comments'],
  [inline, 200, '{"response": true, "x": NaN}',                           'invalid_json',     'one wrong member is enough'],
  [inline, 200, '<!doctype html><title>Sign in</title>',                  'invalid_json',     'a web page is no answer'],
  [inline, 200, 'response=true',                                          'invalid_json',     'form data is no answer'],
  [inline, 200, 'OK',                                                     'invalid_json',     'plain text is no answer'],
  [inline, 200, `{"response": true, "x": ${'['.repeat(63)}${']'.repeat(63)}}`, true,          'nesting may be 64 deep'],
  [inline, 200, `{"response": true, "x": ${'['.repeat(64)}${']'.repeat(64)}}`, 'invalid_json', 'not 65'],
  [inline, 200, `{"response": true, "x": "${'['.repeat(99)}"}`,           true,               'brackets in a text are no nesting'],
]

for (const [name, rows] of Object.entries({ statusRows, placeRows, valueRows, jsonRows })) {
  describe(name.replace('Rows', ''), () => {
    for (const [types, status, body, expected, rule] of rows) {
      for (const type of types) {
        test(`${rule}: ${type} ${status} ${JSON.stringify(body).slice(0, 90)} is ${expected}`, () => {
          const outcome = readOutcome(type, answer(status, body))
          expect(outcome.explanation).not.toBe('')
          if (typeof expected === 'boolean') {
            expect(outcome).toMatchObject({ status: 'succeeded', decision: expected })
          } else if (expected === 'received') {
            expect(outcome).toMatchObject({ status: 'succeeded', decision: null, message: null })
          } else {
            expect(outcome).toMatchObject({ status: 'failed', failure_reason: expected })
          }
        })
      }
    }
  })
}

describe('the headers of an answer', () => {
  const json = '{"response": true}'
  // biome-ignore format: a table is read by its columns
  const rows: Array<[name: string, value: string, expected: Expected, rule: string]> = [
    ['content-type',     'application/json',                   true,       'JSON that says so is read'],
    ['content-type',     'text/plain',                         true,       'the content type is not required to be JSON'],
    ['content-type',     'text/html',                          true,       'whatever it says'],
    ['content-type',     'application/json; charset=utf-8',    true,       'UTF-8 is read'],
    ['content-type',     'application/json;charset="UTF-8"',   true,       'in quotes and any case'],
    ['content-type',     'application/json; charset=utf8',     true,       'and without the hyphen'],
    ['content-type',     'application/json; charset=us-ascii', true,       'ASCII is a part of UTF-8'],
    ['content-type',     'application/json; charset=',         true,       'an empty charset says nothing'],
    ['content-type',     'application/json; charset=latin1',   'encoding', 'no other charset is read'],
    ['content-type',     'text/plain; Charset=ISO-8859-1',     'encoding', 'in any case'],
    ['content-type',     'application/json; charset=utf-16',   'encoding', 'not even UTF-16'],
    ['content-encoding', 'identity',                           true,       'no encoding is read'],
    ['content-encoding', '',                                   true,       'an empty one is none'],
    ['content-encoding', 'gzip',                               'encoding', 'no encoding is undone'],
    ['content-encoding', 'identity, br',                       'encoding', 'in a list neither'],
    ['content-encoding', 'x-unknown',                          'encoding', 'known or not'],
    ['Content-Encoding', 'GZIP',                               'encoding', 'in any case'],
    ['transfer-encoding', 'chunked',                           true,       'chunks are taken apart on the way'],
    ['Transfer-Encoding', 'Chunked',                           true,       'in any case'],
    ['transfer-encoding', 'gzip, chunked',                     'encoding', 'no other transfer coding is undone'],
    ['transfer-encoding', 'gzip',                              'encoding', 'with chunks or without'],
    ['transfer-encoding', 'identity',                          'encoding', 'known or not'],
    ['transfer-encoding', 'chunked, chunked',                  'encoding', 'nor chunks in chunks'],
  ]
  for (const type of inline) {
    test.each(rows)(`%s: %j is %s (%s) for ${type}`, (name, value, expected) => {
      const outcome = readOutcome(type, answer(200, json, [[name, value]]))
      if (expected === true) expect(outcome).toMatchObject({ status: 'succeeded', decision: true })
      else expect(outcome).toMatchObject({ status: 'failed', failure_reason: expected })
    })
  }

  test('of repeated headers one bad value is enough', () => {
    const headers: Array<[string, string]> = [
      ['content-encoding', 'identity'],
      ['content-encoding', 'gzip'],
    ]
    expect(readOutcome('pre_approval', answer(200, json, headers))).toMatchObject({
      failure_reason: 'encoding',
    })
  })

  test('do not matter where no body is read', () => {
    const headers: Array<[string, string]> = [['content-encoding', 'gzip']]
    expect(readOutcome('siem', answer(200, 'x', headers))).toMatchObject({ status: 'succeeded' })
    expect(readOutcome('provisioning', answer(204, '', headers))).toMatchObject({ decision: true })
    expect(readOutcome('pre_approval', answer(200, '', headers))).toMatchObject({
      failure_reason: 'missing_response',
    })
  })

  test('matter less than the status', () => {
    const headers: Array<[string, string]> = [['content-encoding', 'gzip']]
    expect(readOutcome('pre_approval', answer(500, 'x', headers))).toMatchObject({
      failure_reason: 'http_status',
    })
  })
})

describe('bytes that are not UTF-8', () => {
  test.each([
    ['Latin-1 in a text', [0x22, 0xe9, 0x22]],
    ['a surrogate in CESU-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
  ])('%s is invalid_json, though the rest holds a response', (_name, bytes) => {
    const body = Buffer.concat([
      Buffer.from('{"response": true, "x": '),
      Buffer.from(bytes),
      Buffer.from('}'),
    ])
    expect(readOutcome('pre_approval', answer(200, body))).toMatchObject({
      status: 'failed',
      failure_reason: 'invalid_json',
    })
  })
})

describe('the message', () => {
  // biome-ignore format: a table is read by its columns
  const rows: Array<[body: string, message: string | null, rule: string]> = [
    ['{"response": false, "message": "No budget"}',                                        'No budget', 'is read beside `response`'],
    ['{"message": "No budget", "response": true}',                                         'No budget', 'with true as well'],
    ['{"output": {"response": false, "message": "inner"}, "message": "outer"}',            'inner',     'is read beside the `response` that counts'],
    ['{"output": {"response": false}, "message": "outer"}',                                null,        'is not taken from another object'],
    ['{"output": {"message": "inner"}, "response": false}',                                null,        'is not taken from another object'],
    ['{"response": {"success": false, "message": "inside"}}',                              'inside',    'is read inside `response` when that is an object'],
    ['{"output": {"response": {"success": false, "message": "inside"}}}',                  'inside',    'in `output` as well'],
    ['{"response": {"success": false, "message": "inside"}, "message": "beside"}',         'beside',    'beside comes before inside'],
    ['{"response": {"success": false, "message": "inside"}, "message": 7}',                'inside',    'unless it is no text there'],
    ['{"response": {"success": false, "message": "inside"}, "message": " "}',              'inside',    'or blank'],
    ['{"response": false}',                                                                null,        'may be absent'],
    ['{"response": false, "message": null}',                                               null,        'may be null'],
    ['{"response": false, "message": ""}',                                                 null,        'may be empty'],
    ['{"response": false, "message": 42}',                                                 null,        'must be text'],
    ['{"response": false, "message": ["No"]}',                                             null,        'must be text'],
    ['{"response": false, "__proto__": {"message": "No"}}',                                null,        'is never read from a prototype'],
    ['{"response": false, "message": "  a\\u0000b\\u001b[31mc\\u007f\\u009f  "}',          'ab[31mc',   'loses control characters'],
    ['{"response": false, "message": "one\\r\\n\\ttwo\\u2028three"}',                      'one two three', 'is one line'],
    ['{"response": false, "message": "\\u202egnp.\\u2066x\\u2069\\u200f\\u061c"}',         'gnp.x',     'loses bidirectional characters'],
    ['{"response": false, "message": "a\\ud800b"}',                                        'a\ufffdb',  'has no half characters'],
    ['{"response": false, "message": "<b>\\u00e9 \\ud83d\\ude00</b>"}',                    '<b>é 😀</b>', 'is plain text: markup stays what it is'],
  ]
  test.each(rows)('%s gives %j: %s', (body, message) => {
    for (const type of inline) expect(readOutcome(type, answer(200, body))).toMatchObject({ message })
  })

  test('is cut to 2,000 characters, never through a character', () => {
    const long = { response: true, message: `${'a'.repeat(1_998)}${'😀'.repeat(5)}` }
    const outcome = readOutcome('pre_approval', answer(200, JSON.stringify(long)))
    expect(outcome).toMatchObject({ message: `${'a'.repeat(1_998)}…` })
    expect(outcome.explanation).toContain('The message was cut to 2,000 characters.')
    const exact = { response: true, message: 'a'.repeat(2_000) }
    expect(readOutcome('pre_approval', answer(200, JSON.stringify(exact)))).toMatchObject({
      message: exact.message,
    })
  })
})
