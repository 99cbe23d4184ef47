/** A receiver that writes what a test says, byte for byte, whatever HTTP has to say about it. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** Called once a whole request is there. `number` counts requests of this receiver from 1. */
export type Reply = (socket: Socket, number: number, request: string) => void

export type RawReceiver = {
  readonly url: string
  readonly port: number
  /** The requests as they came, head and body. */
  readonly requests: string[]
  /** Connections so far, and those open now. */
  readonly connections: () => { readonly made: number; readonly open: number }
  readonly close: () => Promise<void>
}

export async function startRawReceiver(reply: Reply): Promise<RawReceiver> {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  let made = 0
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    made += 1
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    let received = ''
    socket.setEncoding('latin1').on('data', (chunk) => {
      received += chunk
      for (let length = requestLength(received); length !== null; length = requestLength(received)) {
        const request = received.slice(0, length)
        received = received.slice(length)
        requests.push(request)
        reply(socket, requests.length, request)
      }
    })
    socket.on('end', () => socket.end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    requests,
    connections: () => ({ made, open: sockets.size }),
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Where the first request in `text` ends, or null when it is not complete. */
function requestLength(text: string): number | null {
  const head = text.indexOf('\r\n\r\n')
  if (head === -1) return null
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0)
  return text.length >= head + 4 + length ? head + 4 + length : null
}

export const cleanAnswer = 'HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{"response":true}'
