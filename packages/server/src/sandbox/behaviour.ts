/** The ways the sandbox receiver can answer. Pure: what each does is a value that the receiver carries out. */
import { type WebhookType, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'

/** What to do with a request. */
export type SandboxAnswer =
  | {
      readonly do: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
      readonly afterMs?: number
    }
  /** Takes the request and stays silent. */
  | { readonly do: 'hang' }
  /** Closes the connection without a word. */
  | { readonly do: 'drop' }

export type Behaviour = {
  /** The path of its endpoint URL. */
  readonly id: string
  readonly label: string
  /** What it answers and how Keyhook reads that; a test holds each "fails with" against what happens. */
  readonly description: string
  /** `type`: what the `keyhook-webhook-type` header says; null when it is no webhook type. */
  answer(type: WebhookType | null): SandboxAnswer
}

/** How long the slow behaviour takes: shorter than the default time limit, longer than the shortest one. */
export const slowMs = 5_000

const jsonHeaders = { 'content-type': 'application/json' }

const json = (value: unknown): SandboxAnswer => ({
  do: 'answer',
  status: 200,
  headers: jsonHeaders,
  body: JSON.stringify(value),
})

function rightAnswer(type: WebhookType | null): SandboxAnswer {
  if (type && webhookTypeTable[type].noContentMeansTrue) return { do: 'answer', status: 204 }
  return json({ response: true, message: 'The sandbox says yes.' })
}

export const behaviours: readonly Behaviour[] = [
  {
    id: 'right',
    label: 'Right answer',
    description:
      'Answers as the webhook type asks: 204 for provisioning and deprovisioning, JSON with `response` true for the others.',
    answer: rightAnswer,
  },
  {
    id: 'false',
    label: 'No, with a message',
    description: 'Answers `response` false and a message. That is an answer, not a failure.',
    answer: () => json({ response: false, message: 'The sandbox says no: the cost centre is missing.' }),
  },
  {
    id: 'output',
    label: 'Inside `output`',
    description:
      'Answers `output.response` true and, beside `output`, `response` false. The one inside `output` counts.',
    answer: () => json({ output: { response: true, message: 'From output.' }, response: false }),
  },
  {
    id: 'text',
    label: 'Text instead of true',
    description: 'Answers the text "TRUE", as some low-code tools do. It is read as true.',
    answer: () => json({ response: 'TRUE' }),
  },
  {
    id: 'no-content',
    label: '204 No Content',
    description:
      'Answers 204 to every type: true for provisioning and deprovisioning, received for SIEM. The other types fail with `missing_response`.',
    answer: () => ({ do: 'answer', status: 204 }),
  },
  {
    id: 'wrong-json',
    label: 'JSON without `response`',
    description: 'Answers JSON in which `response` has another name. Fails with `missing_response`.',
    answer: () => json({ approved: true, message: 'The key is not response.' }),
  },
  {
    id: 'number',
    label: 'A number instead of true',
    description: 'Answers `response` 1. Fails with `invalid_response`, because numbers are not read.',
    answer: () => json({ response: 1 }),
  },
  {
    id: 'broken-json',
    label: 'Broken JSON',
    description: 'Answers JSON with a comma too many. Fails with `invalid_json`.',
    answer: () => ({ do: 'answer', status: 200, headers: jsonHeaders, body: '{"response": true,}' }),
  },
  {
    id: 'html',
    label: 'A sign-in page',
    description: 'Answers a web page, as an endpoint behind a sign-in does. Fails with `invalid_json`.',
    answer: () => ({
      do: 'answer',
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<!doctype html><title>Sign in</title><h1>Sign in</h1><form><input type="password"></form>',
    }),
  },
  {
    id: 'server-error',
    label: 'Error 500',
    description: 'Answers 500, as a script that crashed does. Fails with `http_status`.',
    answer: () => ({
      do: 'answer',
      status: 500,
      headers: jsonHeaders,
      body: JSON.stringify({ error: 'The sandbox script crashed.' }),
    }),
  },
  {
    id: 'slow',
    label: 'Slow',
    description: `Gives the right answer after ${slowMs / 1000} seconds. With a time limit below that it is a timeout.`,
    answer(type) {
      const right = rightAnswer(type)
      return right.do === 'answer' ? { ...right, afterMs: slowMs } : right
    },
  },
  {
    id: 'hang',
    label: 'Never answers',
    description: 'Takes the request and stays silent. Fails with `timeout` when the time limit is over.',
    answer: () => ({ do: 'hang' }),
  },
  {
    id: 'redirect',
    label: 'Redirect',
    description:
      'Answers 302 and points to the right answer. Redirects are never followed. Fails with `redirect`.',
    answer: () => ({ do: 'answer', status: 302, headers: { location: '/right' } }),
  },
  {
    id: 'drop',
    label: 'Closes the connection',
    description: 'Hangs up without an answer. Fails with `connection`.',
    answer: () => ({ do: 'drop' }),
  },
]

/** The behaviour of an endpoint URL's path, null when there is none. */
export function behaviourAt(path: string): Behaviour | null {
  return behaviours.find(({ id }) => path === `/${id}`) ?? null
}
