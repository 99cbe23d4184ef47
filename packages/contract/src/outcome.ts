/** What an attempt meant: the closed list of failure reasons and the outcome itself. */

export const failureReasons = [
  'timeout',
  'connection',
  'tls',
  'address_blocked',
  'redirect',
  'http_status',
  'protocol',
  'encoding',
  'body_too_large',
  'invalid_json',
  'missing_response',
  'invalid_response',
  'interrupted',
  'webhook_disabled',
  'circuit_open',
  'auth_failed',
  'condition_failed',
] as const

/** Why an attempt failed. The list is closed: receivers' programs and reports may rely on it. */
export type FailureReason = (typeof failureReasons)[number]

/** The answer was read. `decision` is null only for `siem`, where reception is all that counts. */
export type SucceededOutcome = {
  readonly status: 'succeeded'
  readonly decision: boolean | null
  /** The receiver's message for people: plain text, at most 2,000 characters. */
  readonly message: string | null
  /** Which rule applied, in a sentence or two. */
  readonly explanation: string
}

/** No answer that counts. `explanation` says what was found and what an admin can do about it. */
export type FailedOutcome = {
  readonly status: 'failed'
  readonly failure_reason: FailureReason
  readonly explanation: string
}

export type Outcome = SucceededOutcome | FailedOutcome

/** Nothing was sent, and nothing had to be: the condition of the webhook was false. Only deliveries have it, no attempt. */
export type SkippedOutcome = { readonly status: 'skipped'; readonly explanation: string }

/**
 * A complete HTTP answer, as it came off the wire.
 * `headers` keep their order and repetitions; names are in lower case. `body` is what followed, undecoded.
 */
export type HttpAnswer = {
  readonly status: number
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: Uint8Array
}
