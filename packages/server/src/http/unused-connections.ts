import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Connections that were opened and over which nothing was asked yet, as browsers open them ahead. Node does not count them as
 * idle: a server that closes would wait for them. To be called before it listens; what it returns closes them.
 */
export function trackUnusedConnections(server: Server): () => void {
  const unused = new Set<Socket>()
  server.on('connection', (socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })
  server.on('request', ({ socket }) => unused.delete(socket))
  return () => {
    for (const socket of unused) socket.destroy()
  }
}
