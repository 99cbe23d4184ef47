import type { FailedOutcome, FailureReason } from './outcome.ts'

/** What people see for each failure reason: a short label, and what usually helps. */
const failureTable: Readonly<Record<FailureReason, { readonly label: string; readonly advice: string }>> = {
  timeout: {
    label: 'No answer in time',
    advice:
      'Answer sooner, for example by doing slow work after the answer, or raise the time limit of this webhook.',
  },
  connection: {
    label: 'No connection',
    advice:
      'Check the host name and port in the endpoint URL, and that the receiver runs and can be reached from here.',
  },
  tls: {
    label: 'TLS failed',
    advice:
      'Check that the endpoint has a certificate that is valid for its host name, not expired, and sent with its intermediate certificates.',
  },
  address_blocked: {
    label: 'Address not allowed',
    advice:
      'Use a public https address, or let an operator add this address to the allowed ones in the server configuration.',
  },
  redirect: {
    label: 'Redirect not followed',
    advice: 'Redirects are never followed: set the endpoint URL to the final address.',
  },
  http_status: {
    label: 'Wrong HTTP status',
    advice: 'Answer with a 2xx status; look into the logs of the receiver for the reason.',
  },
  protocol: {
    label: 'Not HTTP',
    advice: 'Check the port and whether the endpoint URL must start with https: or http:.',
  },
  encoding: {
    label: 'Encoding not read',
    advice: 'Answer in UTF-8, without compression.',
  },
  body_too_large: {
    label: 'Answer too large',
    advice: 'Answer with the decision only; the limit is 1 MiB.',
  },
  invalid_json: {
    label: 'Not JSON',
    advice: 'Answer with a JSON object such as `{"response": true}`.',
  },
  missing_response: {
    label: 'No response found',
    advice: 'Answer with `{"response": true}` or `{"response": false}`, or the same inside `output`.',
  },
  invalid_response: {
    label: 'Response not readable',
    advice: 'Set `response` to `true` or `false`.',
  },
  interrupted: {
    label: 'Interrupted',
    advice: 'The receiver may or may not have acted on it: check there before you send it again.',
  },
  webhook_disabled: {
    label: 'Webhook disabled',
    advice: 'Enable the webhook, or detach it from where it is used.',
  },
  circuit_open: {
    label: 'Paused after failures',
    advice:
      'The endpoint failed too often in a row and gets a rest; fix the receiver, then test the webhook.',
  },
  auth_failed: {
    label: 'No token',
    advice: 'Check the credentials and the token address of this webhook.',
  },
  condition_failed: {
    label: 'Condition failed',
    advice:
      'Change the condition of this webhook so that it holds or not for every payload; `has()` asks for members.',
  },
}

/** A short label for people for each failure reason. */
export const failureLabels: Readonly<Record<FailureReason, string>> = mapTable(({ label }) => label)

/** What usually helps, one or two sentences, for each failure reason. */
export const failureAdvice: Readonly<Record<FailureReason, string>> = mapTable(({ advice }) => advice)

/** What was found, one or more sentences, and what to change about it when that is known. */
export type Finding = { readonly finding: string; readonly advice?: string | undefined }

/**
 * A failed outcome. `finding` is a sentence that says what happened ("The endpoint answered 500."), `advice`
 * one that says what to change; where nothing better is known, the usual advice of the reason.
 */
export function failedOutcome(
  reason: FailureReason,
  finding: string,
  advice: string = failureAdvice[reason],
): FailedOutcome {
  return { status: 'failed', failure_reason: reason, explanation: `${finding} ${advice}` }
}

function mapTable(pick: (row: { label: string; advice: string }) => string): Record<FailureReason, string> {
  return Object.fromEntries(
    Object.entries(failureTable).map(([reason, row]) => [reason, pick(row)]),
  ) as Record<FailureReason, string>
}
