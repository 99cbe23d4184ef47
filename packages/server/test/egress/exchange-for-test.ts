import type { Egress } from '../../src/egress/egress.ts'
import type { ExchangeRequest, ExchangeResult } from '../../src/egress/exchange.ts'

/** One POST with a small JSON body; long enough for a slow machine unless told otherwise. */
export function post(
  egress: Egress,
  url: string,
  change: Partial<ExchangeRequest> = {},
): Promise<ExchangeResult> {
  return egress.exchange({
    url,
    headers: [['content-type', 'application/json']],
    body: Buffer.from('{"question":true}'),
    timeLimitMs: 5000,
    ...change,
  })
}
