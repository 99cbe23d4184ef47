/** The ways the sandbox receiver can answer. Pure: what each does is a value that the receiver carries out. */
import { type WebhookType, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'

/** What to do with a request. */
export type SandboxAnswer =
  | { do: 'answer'; status: number; headers?: Record<string, string>; body?: string; afterMs?: number }
  | { do: 'hang' }
  | { do: 'drop' }

export type Behaviour = {
  /** The path of its endpoint URL. */
  readonly id: string
  readonly label: string
  /** What it answers and how Keyhook reads that. */
  readonly description: string
  answer(type: WebhookType | null): SandboxAnswer
}

const json = (status: number, value: unknown): SandboxAnswer => ({
  do: 'answer',
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

const slowMs = 3_000

export const behaviours: readonly Behaviour[] = [
  {
    id: 'right',
    label: 'Right answer',
    description:
      'Answers as the webhook type asks: 204 for provisioning and deprovisioning, `response` true otherwise.',
    answer: (type) => {
      if (type && webhookTypeTable[type].noContentMeansTrue) return { do: 'answer', status: 204 }
      return json(200, { response: true, message: 'The sandbox says yes.' })
    },
  },
  {
    id: 'false',
    label: 'No, with a message',
    description: 'Answers `response` false and a message. That is an answer, not a failure.',
    answer: () => json(200, { response: false, message: 'The sandbox says no: a manager has to be named.' }),
  },
  {
    id: 'output',
    label: 'Inside `output`',
    description: 'Answers with `output.response`, which is used before a `response` beside it.',
    answer: () => json(200, { output: { response: true, message: 'From output.' }, response: false }),
  },
  {
    id: 'text',
    label: 'Text instead of true',
    description: 'Answers the text "TRUE", as low-code tools do. It is read as true.',
    answer: () => json(200, { response: 'TRUE' }),
  },
  {
    id: 'no-content',
    label: '204 No Content',
    description: 'Counts as true for provisioning, deprovisioning and SIEM, and fails the other types.',
    answer: () => ({ do: 'answer', status: 204 }),
  },
  {
    id: 'wrong-json',
    label: 'JSON without response',
    description: 'Answers valid JSON that has no `response`: the delivery fails with missing_response.',
    answer: () => json(200, { result: 'ok', approved_by: 'sandbox' }),
  },
  {
    id: 'broken-json',
    label: 'Broken JSON',
    description: 'Answers text that is not JSON: the delivery fails with invalid_json.',
    answer: () => ({
      do: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"response": true,}',
    }),
  },
  {
    id: 'html',
    label: 'A login page',
    description: 'Answers HTML, as an endpoint behind a sign-in does: the delivery fails with invalid_json.',
    answer: () => ({
      do: 'answer',
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<!doctype html><title>Sign in</title><h1>Sign in</h1><form></form>',
    }),
  },
  {
    id: 'server-error',
    label: 'Error 500',
    description: 'Answers 500 Internal Server Error: the delivery fails with http_status.',
    answer: () => json(500, { error: 'The sandbox script crashed.' }),
  },
  {
    id: 'slow',
    label: 'Slow',
    description: `Answers rightly after ${slowMs / 1000} seconds: set a shorter time limit to see a timeout.`,
    answer: () => ({
      do: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ response: true, message: 'Slow but right.' }),
      afterMs: slowMs,
    }),
  },
  {
    id: 'hang',
    label: 'Never answers',
    description:
      'Takes the request and stays silent: the delivery fails with timeout when its time limit is over.',
    answer: () => ({ do: 'hang' }),
  },
  {
    id: 'redirect',
    label: 'Redirect',
    description:
      'Answers 302 to another address. Redirects are never followed: the delivery fails with redirect.',
    answer: () => ({ do: 'answer', status: 302, headers: { location: '/right' } }),
  },
  {
    id: 'drop',
    label: 'Closes the connection',
    description: 'Hangs up without an answer: the delivery fails with connection.',
    answer: () => ({ do: 'drop' }),
  },
]
