import { eventTypes } from '@keyhook/contract/event-types.ts'
import { streamDefaults } from '@keyhook/contract/setting-limits.ts'
import { expect, test } from 'vitest'
import { eventTypeChoices } from '../src/forms/event-type-choices.ts'
import { AnswersError, answerAliases, answeredValues, withoutQuestions } from '../src/forms/preset-values.ts'
import {
  newStreamMembers,
  newStreamValues,
  presetOf,
  sendTo,
  streamMembers,
  streamValuesOf,
} from '../src/forms/stream-values.ts'
import { changeOf, draftOf, newWebhookValues } from '../src/forms/webhook-values.ts'

const empty = newWebhookValues({ signing_secret: 'whsec_x' })
const splunk = sendTo(newStreamValues(), 'splunk')
const answered = {
  ...empty,
  stream: { ...splunk, answers: { host: 'splunk.example.com', port: '8088', token: 'abc' } },
}

test('Every stream is the same after the form as before it', () => {
  const { start: _start, ...defaults } = streamDefaults
  expect(streamMembers(streamValuesOf(streamDefaults))).toEqual(defaults)
  const own = {
    ...defaults,
    format: 'splunk_hec' as const,
    event_types: ['ADMIN_*', 'CUSTOM_DOOR'],
    lag_alert_seconds: null,
    batch_wait_ms: 0,
    strict_order: true,
  }
  expect(streamMembers(streamValuesOf({ ...own, start: '2026-01-31T00:00:00Z' }))).toEqual(own)
})

test('Where it begins is said when it is made, and never in a change', () => {
  expect(newStreamMembers({ ...newStreamValues(), start: 'beginning' }).start).toBe('beginning')
  expect(changeOf('siem', empty).stream).not.toHaveProperty('start')
})

test('Only a SIEM webhook has a stream', () => {
  expect(draftOf('provisioning', empty)).not.toHaveProperty('stream')
  expect(draftOf('siem', empty).stream).toEqual(streamDefaults)
})

test('A product comes with what it takes', () => {
  expect(splunk).toMatchObject({
    ...{ gzip: true, batch_events: 500, asks: true },
    answers: { port: '8088' },
  })
  expect(sendTo(splunk, 'ocsf')).toMatchObject({ gzip: false, batch_events: 1, asks: false, answers: {} })
})

test('Endpoint and authentication are made from the answers', () => {
  const { endpoint_url, authentication } = draftOf('siem', answeredValues(answered))
  expect(endpoint_url).toBe('https://splunk.example.com:8088/services/collector/event')
  expect(authentication).toEqual({ type: 'header', name: 'Authorization', value: 'Splunk abc' })
})

test('What is wrong with an answer is told at its field', () => {
  const wrong = { ...answered, stream: { ...splunk, answers: { ...splunk.answers, host: 'https://x' } } }
  expect(() => answeredValues(wrong)).toThrow(AnswersError)
  try {
    answeredValues(wrong)
  } catch (error) {
    expect(Object.keys((error as AnswersError).errors).toSorted()).toEqual([
      'stream.answers.host',
      'stream.answers.token',
    ])
  }
})

test('What the server says about a made member is told at the answer behind it', () => {
  expect(answerAliases(answered)).toMatchObject({
    endpoint_url: 'stream.answers.host',
    'authentication.value': 'stream.answers.token',
  })
  const datadog = { ...empty, stream: sendTo(newStreamValues(), 'datadog') }
  expect(answerAliases(datadog)['authentication.value']).toBe('stream.answers.api_key')
  const sentinel = { ...empty, stream: sendTo(newStreamValues(), 'sentinel') }
  expect(answerAliases(sentinel)['authentication.client_id']).toBe('stream.answers.client_id')
  expect(answerAliases({ ...answered, stream: { ...answered.stream, asks: false } })).toEqual({})
})

test('Entering it by hand begins with what the answers gave', () => {
  const values = withoutQuestions(answered)
  expect(values.stream.asks).toBe(false)
  expect(values.authentication).toMatchObject({ type: 'header', value: 'Splunk abc' })
  expect(answeredValues(values)).toBe(values)
})

test('Every format that is saved has its place in the form', () => {
  for (const format of ['datadog', 'sentinel', 'splunk_hec'] as const) {
    const { sends_to } = streamValuesOf({ ...streamDefaults, format })
    expect(presetOf(sends_to)?.stream.format).toBe(format)
  }
})

test('Every type of event can be chosen once, and what is chosen already is offered', () => {
  const offered = eventTypeChoices(['CUSTOM_DOOR']).flatMap(({ items }) => items.map(({ value }) => value))
  expect(new Set(offered).size).toBe(offered.length)
  expect(Object.keys(eventTypes).filter((type) => !offered.includes(type))).toEqual([])
  expect(offered).toContain('CUSTOM_DOOR')
  expect(offered).toContain('CUSTOM_*')
})
