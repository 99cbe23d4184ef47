/** One server and one receiver for all tests of a file. */
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Overrides } from '../../src/service.ts'
import { startTestService, type TestService } from './harness.ts'
import { json, type Receiver, startReceiver } from './receiver.ts'

/**
 * To be called at the top of a file; what it returns is there once the tests run. When a test begins, the receiver answers
 * `true` and has received nothing.
 */
export function serviceWithReceiver(overrides: Overrides = {}): {
  service: TestService
  receiver: Receiver
} {
  let service: TestService | null = null
  let receiver: Receiver | null = null
  beforeAll(async () => {
    service = await startTestService({}, overrides)
    receiver = await startReceiver()
  })
  afterAll(async () => {
    await service?.stop()
    await receiver?.close()
  })
  beforeEach(() => {
    if (!receiver) return
    receiver.received.length = 0
    receiver.answerWith(json(200, { response: true }))
  })
  return { service: later(() => service), receiver: later(() => receiver) }
}

/** Stands for something that is made later. */
function later<Made extends object>(made: () => Made | null): Made {
  return new Proxy({} as Made, {
    get(_target, member) {
      const object = made()
      if (!object) throw new Error('this is there inside tests only')
      return Reflect.get(object, member)
    },
  })
}
