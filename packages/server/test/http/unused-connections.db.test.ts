import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startTestService } from '../support/harness.ts'

test('a connection over which nothing was asked does not hold up a stop', async () => {
  const service = await startTestService()
  const { port, hostname } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  // Another one is answered, so that the server has seen the first.
  await service.api('GET', '/me')
  const closed = once(socket, 'close').then(() => service.ctx.shutdown.aborted)
  socket.resume()
  await service.stop()
  // Deliveries under way are cut off when the grace is over: it was not waited for.
  expect(await closed).toBe(false)
})
