/** The proxy said nothing while there was another address to try. */
export const tunnelTimedOut = 'PROXY_TIMEOUT'

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

  /** Whether another address of the same name may do better: this one took no connection, or the proxy found no way to it. */
  get concernsAddress(): boolean {
    if (this.stage === 'proxy') return this.code === tunnelTimedOut || /^PROXY_STATUS_5/.test(this.code)
    return this.stage === 'connect'
  }
}
