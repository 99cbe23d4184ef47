import type { FailureReason } from '@keyhook/contract/outcome.ts'

/** Why an exchange brought no complete answer, in sentences for an administrator. They never hold a header's value. */
export type Failure = {
  readonly reason: FailureReason
  readonly finding: string
  readonly advice?: string
}

/** Carries a failure from where it is found to the end of the exchange. */
export class ExchangeFailed extends Error {
  override name = 'ExchangeFailed'
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.finding)
    this.failure = failure
  }
}
