/** A real HTTP receiver on a free loopback port. What it answers can be changed; it keeps what it got. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { method: string; path: string; headers: IncomingMessage['headers']; body: Buffer }
export type Answer = (request: Received, response: ServerResponse) => void

export type Receiver = {
  readonly url: string
  readonly received: Received[]
  /** Sets what is answered from now on. */
  answerWith(answer: Answer): void
  close(): Promise<void>
}

/** Answers with a status and a JSON body; without a body, with an empty answer. */
export function json(status: number, body?: unknown): Answer {
  return (_request, response) => {
    response.writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' })
    response.end(body === undefined ? undefined : JSON.stringify(body))
  }
}

export async function startReceiver(answer: Answer = json(200, { response: true })): Promise<Receiver> {
  let current = answer
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const got = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks),
      }
      received.push(got)
      current(got, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answerWith(next) {
      current = next
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
