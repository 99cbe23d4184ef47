import { findEncodingProblem } from './answer-encoding.ts'
import { describeUnreadableBody } from './describe-body.ts'
import { failedOutcome } from './failure.ts'
import { describeInvalidResponse } from './invalid-response.ts'
import { parseJson } from './json.ts'
import { describeMissingResponse } from './missing-response.ts'
import type { HttpAnswer, Outcome, SucceededOutcome } from './outcome.ts'
import { findResponse, readDecision, readMessage } from './read-response.ts'
import { readBadStatus } from './read-status.ts'
import { asItIs, type Quote } from './show-text.ts'
import { type WebhookType, webhookTypeTable } from './webhook-type.ts'

const emptyBodyAdvice =
  'Answer with 204 when it is done and there is nothing to say, else with `{"response": true}` or `{"response": false}`.'

/**
 * Reads a complete HTTP answer to a webhook: the one place that decides what an answer means.
 * Pure, never throws, takes time linear in the answer. The rules are the design's "How the answer is read";
 * `test/read-outcome.test.ts` is the table of them. `quote` is applied to what the outcome quotes of the answer, before that
 * is cut to size, and can change nothing but the words: with it the caller takes out what must not be shown.
 */
export function readOutcome(webhookType: WebhookType, answer: HttpAnswer, quote: Quote = asItIs): Outcome {
  const type = webhookTypeTable[webhookType]
  const { status, body } = answer
  if (!(status >= 200 && status < 300)) return readBadStatus(answer, quote)
  if (type.kind === 'event') {
    return succeeded(
      null,
      null,
      `The endpoint answered ${status}: the event was received. The body is not read.`,
    )
  }
  if (status === 204 && type.noContentMeansTrue) {
    return succeeded(
      true,
      null,
      'The endpoint answered 204 No Content, which means true for this webhook type.',
    )
  }
  if (body.length === 0) {
    const finding = `The endpoint answered ${status} with an empty body, and a ${type.label.toLowerCase()} webhook needs a \`response\` in JSON.`
    return failedOutcome('missing_response', finding, type.noContentMeansTrue ? emptyBodyAdvice : undefined)
  }

  const encoding = findEncodingProblem(answer, quote)
  if (encoding) return failedOutcome('encoding', encoding.finding, encoding.advice)

  const json = parseJson(body)
  if (!json.ok) {
    const { finding, advice } = describeUnreadableBody(answer, json, quote)
    return failedOutcome('invalid_json', finding, advice)
  }

  const response = findResponse(json.value)
  if (!response) {
    const { finding, advice } = describeMissingResponse(status, json.value, type, quote)
    return failedOutcome('missing_response', finding, advice)
  }
  const read = readDecision(response.value, type.decisionWord)
  if (!read) {
    const { finding, advice } = describeInvalidResponse(response, type, quote)
    return failedOutcome('invalid_response', finding, advice)
  }
  const { message, note } = readMessage(response, quote)
  const explanation = [response.note, read.note, note].filter((sentence) => sentence !== null).join(' ')
  return succeeded(read.decision, message, explanation)
}

function succeeded(decision: boolean | null, message: string | null, explanation: string): SucceededOutcome {
  return { status: 'succeeded', decision, message, explanation }
}
