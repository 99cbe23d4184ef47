/** What an admin is told about an answer: each case has its own words. */

import { describe, expect, test } from 'vitest'
import { readOutcome } from '../src/read-outcome.ts'
import { answer } from './answer.ts'

function explain(body: string, status = 200, headers: Array<[string, string]> = []): string {
  return readOutcome('pre_approval', answer(status, body, headers)).explanation
}

describe('an answer that was read says which rule applied', () => {
  test.each([
    ['{"response": true}', '`response` was found and used.'],
    ['{"output": {"response": true}}', '`output.response` was found and used.'],
    [
      '{"output": {"response": true}, "response": false}',
      '`output.response` was found and used; the top-level `response` was ignored.',
    ],
    ['{"output": {}, "response": true}', '`response` was found and used; `output` holds no `response`.'],
    ['{"response": "TRUE"}', '`response` was found and used. The text "TRUE" was read as true.'],
    ['{"response": {"approved": false}}', '`response` was found and used. Its `approved` is false.'],
    [
      '{"response": true, "message": 5}',
      '`response` was found and used. The `message` was ignored because it is not text.',
    ],
  ])('%s', (body, explanation) => {
    expect(explain(body)).toBe(explanation)
  })

  test('204 for provisioning and any 2xx for siem', () => {
    expect(readOutcome('provisioning', answer(204)).explanation).toContain('204 No Content, which means true')
    expect(readOutcome('siem', answer(202, 'x')).explanation).toContain('202: the event was received')
  })
})

describe('a body that is no JSON is named for what it is', () => {
  test.each([
    [
      '<!DOCTYPE html><html><title>Sign in · Acme</title>',
      'HTML page titled "Sign in · Acme"',
      'sign-in page',
    ],
    ['<html><head><title>502 Bad\nGateway</title>', 'HTML page titled "502 Bad Gateway"', 'error page'],
    ['\ufeff  <html><body>x</body>', 'with an HTML page, not JSON', 'address of the receiver'],
    ['<?xml version="1.0"?><a/>', 'with XML, not JSON', 'answer in JSON'],
    ['<soap:Envelope/>', 'with XML, not JSON', 'answer in JSON'],
    ['response=true&message=ok', 'form data (`response=true&message=ok`)', 'application/json'],
    ['OK', 'plain text "OK"', '{"response": true}'],
    ['  \n ', 'nothing but white space', '{"response": true}'],
    ["{'response': true}", "keys need double quotes, not `'` (line 1, column 2)", 'JSON library'],
    ['{"response": True}', '`True` is not JSON, write `true` (line 1, column 14)', 'JSON library'],
    ['{\n  "response": true,\n}', 'a comma before `}` is not allowed (line 3, column 1)', 'JSON library'],
    ['{"response": true', 'the text ends in the middle of the JSON', 'JSON library'],
    ['{"message": "a\nb"}', 'a line break inside a string must be escaped', 'JSON library'],
    [
      `{"x": ${'['.repeat(64)}`,
      'nested deeper than 64 levels (line 1, column 70)',
      'without deep structures',
    ],
  ])('%j', (body, finding, advice) => {
    expect(explain(body)).toContain(finding)
    expect(explain(body)).toContain(advice)
  })

  test('form data is known by its content type too', () => {
    const headers: Array<[string, string]> = [['content-type', 'application/x-www-form-urlencoded']]
    expect(explain('response=true&message=a b', 200, headers)).toContain('form data')
  })

  test('UTF-16 and Latin-1 are told apart', () => {
    const utf16 = answer(200, Buffer.from('\ufeff{"response": true}', 'utf16le'))
    expect(readOutcome('pre_approval', utf16).explanation).toContain('UTF-16 (little endian)')
    const latin1 = answer(200, Buffer.from('{"message": "é"}', 'latin1'))
    expect(readOutcome('pre_approval', latin1).explanation).toContain('byte 14 (0xE9) is not UTF-8')
  })
})

describe('JSON without a response gets the hint that fits', () => {
  test.each([
    ['{"Response": true}', 'There is `Response`: the key must be exactly `response`'],
    ['{"output": {"RESPONSE": true}}', 'There is `output.RESPONSE`'],
    ['{"reponse": true}', 'There is `reponse`'],
    ['{"responses": [true]}', 'There is `responses`'],
    ['{"result": true}', '`result` alone is not read: name the key `response`'],
    ['{"approved": true}', 'write `{"response": {"approved": true}}`'],
    ['{"output": {"success": true}}', '`output.success` alone is not read'],
    ['{"valid": true}', '`valid` alone is not read: name the key `response`'],
    ['{"output": "{\\"response\\": true}"}', '`output` is a text that holds JSON'],
    ['{"output": 3}', '`output` is the number 3; it must be an object'],
    ['{"body": "{\\"response\\": true}"}', '`body` is a text that holds JSON'],
    ['{"data": {"response": true}}', '`data` holds an answer'],
    ['{"statusCode": 200, "body": "{}"}', 'Lambda'],
    [
      '{"errorMessage": "division by zero", "errorType": "ZeroDivisionError"}',
      'There is `errorMessage` (the text "division by zero")',
    ],
    ['"{\\"response\\": true}"', 'encoded twice'],
    ['true', '`{"response": true}`'],
    ['false', '`{"response": false}`'],
    ['[{"response": true}]', 'without the array around it'],
    ['42', 'JSON that is the number 42, not an object'],
    ['{"foo": 1}', 'neither `output.response` nor `response` was there. Answer with'],
  ])('%s', (body, hint) => {
    expect(explain(body)).toContain(hint)
  })

  test('an empty body is called empty, and only where 204 counts is 204 advised', () => {
    expect(explain('')).toContain('with an empty body')
    expect(explain('')).not.toContain('Answer with 204')
    expect(readOutcome('provisioning', answer(200)).explanation).toContain('Answer with 204')
  })
})

describe('a response that is no decision is shown', () => {
  test.each([
    ['{"response": "yes"}', '`response` is the text "yes". Set it to `true` or `false`'],
    ['{"response": " true"}', 'Remove the white space'],
    ['{"response": "{}"}', 'a text that holds JSON'],
    ['{"response": 1}', '`response` is the number 1.'],
    ['{"response": null}', '`response` is `null`.'],
    ['{"output": {"response": []}}', '`output.response` is an empty array.'],
    ['{"response": {}}', '`response` is an empty object, without `success` or `approved`.'],
    ['{"response": {"ok": true}}', '`response` is an object with `ok`, without `success` or `approved`.'],
    ['{"response": {"success": true, "approved": false}}', 'are different: `true` and `false`'],
    ['{"response": {"approved": "yes"}}', '`approved` in `response` is the text "yes"'],
    ['{"response": "a\\u0000\\u202e\\n\\ud800"}', 'the text "a\\u{0}\\u{202e}\\n\\u{d800}"'],
  ])('%s', (body, explanation) => {
    expect(explain(body)).toContain(explanation)
  })

  test('in at most about 80 characters', () => {
    const long = explain(JSON.stringify({ response: 'x'.repeat(500_000) }))
    expect(long).toContain(`the text "${'x'.repeat(59)}…"`)
    const keys = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`${at}${'k'.repeat(99)}`, at]))
    expect(explain(JSON.stringify({ response: keys })).length).toBeLessThan(300)
  })
})

describe('a bad status gets advice of its own', () => {
  test.each([
    [400, 'did not accept the payload'],
    [401, 'wants credentials: check the custom headers'],
    [403, 'refuses this caller'],
    [404, 'nothing at this path'],
    [405, 'does not take POST'],
    [413, 'larger than the receiver takes'],
    [415, '`application/json`'],
    [429, 'limits how often'],
    [500, 'look into its logs'],
    [502, 'proxy in front'],
    [503, 'down or overloaded'],
    [504, 'in time'],
    [418, '418, which is not a 2xx status'],
  ])('%i', (status, advice) => {
    expect(explain('', status)).toContain(advice)
  })

  test('a redirect shows where it points, without what may be secret', () => {
    const to = (location: string) => explain('', 302, [['location', location]])
    expect(to('https://sso.example.com/login?token=s3cret#x')).toContain('`https://sso.example.com/login`')
    expect(to('https://user:s3cret@sso.example.com/a')).toContain('`https://sso.example.com/a`')
    expect(to('//user:s3cret@sso.example.com/a')).not.toContain('s3cret')
    expect(to('/login')).toContain('`/login`')
    expect(to('x'.repeat(10_000)).length).toBeLessThan(500)
    expect(explain('', 302)).toContain('which points elsewhere')
  })
})
