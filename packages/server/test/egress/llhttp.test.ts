/** Every response of llhttp's own tests, served raw. Whatever it was, the next call to the endpoint is clean. */
import { describe, expect, it, test } from 'vitest'
import { createEgress } from '../../src/egress/egress.ts'
import type { ExchangeResult } from '../../src/egress/exchange.ts'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import { cleanAnswer, startRawReceiver } from '../support/raw-receiver.ts'
import { post } from './exchange-for-test.ts'
import { llhttpCases } from './llhttp-cases.ts'
import { llhttpVerdicts } from './llhttp-verdicts.ts'

it('has a verdict for each case', () => {
  expect(llhttpCases.map(({ name }) => name)).toEqual(llhttpVerdicts.map(([name]) => name))
})

/** The verdict of the bytes, and of a second call that is answered properly. */
async function serve(bytes: Buffer, thenEnd: boolean, expected: string) {
  const receiver = await startRawReceiver((socket, number) => {
    if (number > 1) socket.write(cleanAnswer)
    else if (thenEnd) socket.end(bytes)
    else socket.write(bytes)
  })
  const egress = createEgress({ allowHttp: true, allow: parseEgressAllow('127.0.0.0/8') })
  const first = await post(egress, receiver.url, { timeLimitMs: expected === 'timeout' ? 300 : 5000 })
  const second = await post(egress, receiver.url)
  await egress.close()
  await receiver.close()
  return { first: verdict(first), second: verdict(second), requests: receiver.requests.length }
}

function verdict({ failure, answer }: ExchangeResult): string {
  if (failure) return failure.reason
  return `${answer?.status} ${JSON.stringify(
    Buffer.from(answer?.body ?? [])
      .toString('latin1')
      .slice(0, 20),
  )}`
}

const clean = { second: '200 "{\\"response\\":true}"', requests: 2 }

describe.each([
  ['ended by the receiver', true],
  ['left open', false],
])('%s', (_title, thenEnd) => {
  test.concurrent.each(llhttpVerdicts)('%s', async (name, ended, leftOpen) => {
    const found = llhttpCases.find((item) => item.name === name)
    const expected = thenEnd ? ended : leftOpen
    expect(await serve(found?.bytes ?? Buffer.alloc(0), thenEnd, expected)).toEqual({
      first: expected,
      ...clean,
    })
  })
})
