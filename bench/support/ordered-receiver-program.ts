/**
 * A receiver that takes every POST of a stream at once, counts its events and looks at their order; each path is a stream
 * of its own. GET tells of the stream at that path.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = {
  posts: number
  events: number
  /** The last place in the log that came. */
  last: number
  /** By how many places an event came behind one that follows it in the log, at the most; 0: all in order. */
  late: number
}

const streams = new Map<string, Received>()
const server = createServer((request, response) => {
  const stream = streams.get(request.url ?? '') ?? { posts: 0, events: 0, last: 0, late: 0 }
  streams.set(request.url ?? '', stream)
  if (request.method === 'GET') {
    response.end(JSON.stringify(stream))
    return
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    stream.posts += 1
    const text = Buffer.concat(chunks).toString('latin1')
    // Events of the bench only; checkpoints come too.
    stream.events += text.split('CUSTOM_BENCH').length - 1
    for (const [, position] of text.matchAll(/"position":(\d+),"logged_at"/g)) {
      stream.late = Math.max(stream.late, stream.last - Number(position))
      stream.last = Math.max(stream.last, Number(position))
    }
    response.writeHead(200, { 'content-length': 0 })
    response.end()
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
process.on('SIGTERM', () => process.exit(0))
