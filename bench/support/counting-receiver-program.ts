/** A receiver that takes every POST at once and counts; GET tells how many came. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

let posts = 0
let events = 0
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify({ posts, events }))
    return
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    posts += 1
    // Each entry names its type once, whatever the format.
    events += Buffer.concat(chunks).toString('latin1').split('CUSTOM_BENCH').length - 1
    response.writeHead(200, { 'content-length': 0 })
    response.end()
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook\n`)
})
process.on('SIGTERM', () => process.exit(0))
