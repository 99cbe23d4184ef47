/** Receivers that misbehave, one by path: `/headers`, `/informational`, `/body` and so on. Loopback only. */
import { type AddressInfo, createServer, type Socket } from 'node:net'

const head = 'HTTP/1.1 200 OK\r\n'

/** Writes `first`, then `again` as fast as the connection takes it. */
function flood(socket: Socket, first: string, again: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(again)) {}
  }
  socket.on('drain', more)
  socket.write(first)
  more()
}

/** Writes `first`, then `again` every few milliseconds. */
function drip(socket: Socket, first: string, again: string): void {
  socket.write(first)
  const timer = setInterval(() => socket.write(again), 10)
  socket.on('close', () => clearInterval(timer))
}

const behaviours: Record<string, (socket: Socket) => void> = {
  headers: (socket) => flood(socket, head, `x-more: ${'a'.repeat(500)}\r\n`),
  informational: (socket) => flood(socket, '', 'HTTP/1.1 102 Processing\r\n\r\n'),
  body: (socket) => flood(socket, `${head}content-length: 1000000000\r\n\r\n`, 'x'.repeat(65_536)),
  chunks: (socket) =>
    flood(socket, `${head}transfer-encoding: chunked\r\n\r\n`, `1000\r\n${'x'.repeat(4_096)}\r\n`),
  'huge-chunk': (socket) =>
    flood(socket, `${head}transfer-encoding: chunked\r\n\r\nffffffff\r\n`, 'x'.repeat(65_536)),
  'slow-headers': (socket) => drip(socket, head, 'x-slow: 1\r\n'),
  'slow-body': (socket) => drip(socket, `${head}content-length: 100000\r\n\r\n`, 'x'),
  silent: () => {},
  reset: (socket) => void socket.resetAndDestroy(),
  garbage: (socket) => void socket.end(Buffer.alloc(100_000, 0xff)),
}

const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', (request) => {
    const name = /^POST \/([\w-]+)/.exec(request.toString('latin1'))?.[1] ?? ''
    behaviours[name]?.(socket)
  })
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`http://127.0.0.1:${port}/ ${Object.keys(behaviours).join(',')}\n`)
})
process.on('SIGTERM', () => process.exit(0))
