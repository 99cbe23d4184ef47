import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { trackUnusedConnections } from '../../src/http/unused-connections.ts'

test('a connection over which nothing was asked does not hold up the end; one that was answered was never touched', async () => {
  const server = createServer((_request, response) => void response.end('here'))
  const closeUnused = trackUnusedConnections(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const asked = connect(port, '127.0.0.1')
  asked.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  expect(String((await once(asked, 'data'))[0])).toContain('200 OK')
  const unused = connect(port, '127.0.0.1').resume()
  await once(server, 'connection')
  closeUnused()
  await once(unused, 'close')
  expect(asked.destroyed).toBe(false)
  // Without it this would not come before the server gives up waiting for headers, a minute later.
  await new Promise((resolve) => server.close(resolve))
  asked.destroy()
})
