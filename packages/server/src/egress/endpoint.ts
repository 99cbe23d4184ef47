import { type EndpointUrl, hostOf, portOf } from './endpoint-url.ts'
import { ExchangeFailed } from './failure.ts'

/** An endpoint URL taken apart for dialling. */
export type Endpoint = {
  readonly secure: boolean
  /** Scheme, host and port: connections are shared within it. */
  readonly origin: string
  /** Without the brackets of IPv6. */
  readonly host: string
  readonly port: number
  /** Path and query. */
  readonly path: string
  /** Host and port for people. */
  readonly at: string
}

/** Throws the refusal as `address_blocked`. */
export function endpointOf(parsed: EndpointUrl): Endpoint {
  if (!parsed.ok) {
    const { finding, advice } = parsed
    throw new ExchangeFailed({ reason: 'address_blocked', finding, advice })
  }
  const { url } = parsed
  const port = portOf(url)
  return {
    secure: url.protocol === 'https:',
    origin: url.origin,
    host: hostOf(url),
    port,
    path: url.pathname + url.search,
    at: `${url.hostname}:${port}`,
  }
}
