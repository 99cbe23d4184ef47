/** A connection that did not come about. `code` is the system's or OpenSSL's word for it. */
export class DialFailed extends Error {
  override name = 'DialFailed'
  readonly stage: 'connect' | 'address' | 'tls' | 'proxy'
  readonly code: string

  constructor(stage: DialFailed['stage'], code: string) {
    super(`${stage}: ${code}`)
    this.stage = stage
    this.code = code
  }
}
