/**
 * A receiver for people who have none yet: a real HTTP server on a loopback port of its own that answers in the way
 * its endpoint URL names and remembers what it got. On in the try-it profile, off otherwise.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebhookType, webhookTypes } from '@keyhook/contract/webhook-type.ts'
import { behaviourAt, type SandboxAnswer } from './behaviour.ts'
import { describeRequest, pathOf, type SandboxRequest, type Senders } from './sandbox-request.ts'

export type SandboxReceiver = {
  /** Without a slash at the end; an endpoint URL is `<url>/<behaviour id>`. */
  readonly url: string
  /** The last ones, the newest first. */
  requests(): SandboxRequest[]
  clear(): void
  /** Cuts off who still waits for an answer. */
  close(): Promise<void>
}

export type SandboxOptions = Senders & {
  readonly host: string
  /** Taken if it is free, so that saved endpoint URLs work again after a restart; otherwise any. */
  readonly port: number
}

const remembered = 50
/** A payload has at most 1 MiB before the sender's own members; more than twice that was not sent by Keyhook. */
const maxBodyBytes = 2 * 1_048_576
const hangMs = 90_000

/** Starts the receiver. Rejects only when no port at all can be had. */
export async function startSandbox(options: SandboxOptions): Promise<SandboxReceiver> {
  const requests: SandboxRequest[] = []
  const server = createServer((request, response) => {
    readBody(request, (body) => {
      const answer = answerTo(request)
      requests.unshift(describeRequest(options, request, body, answer))
      requests.length = Math.min(requests.length, remembered)
      carryOut(answer, response)
    })
  })
  // Longer than senders keep connections: one that both ends give up at the same time looks like a failure.
  server.keepAliveTimeout = 90_000
  server.maxConnections = 256
  await listen(server, options)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host}:${port}`,
    requests: () => [...requests],
    clear() {
      requests.length = 0
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answerTo(request: IncomingMessage): SandboxAnswer {
  const behaviour = behaviourAt(pathOf(request))
  if (!behaviour) return refusal(404, 'The sandbox has no such endpoint URL.')
  if (request.method !== 'POST') return refusal(405, 'Webhooks are POSTed.', { allow: 'POST' })
  return behaviour.answer(typeOf(request))
}

function refusal(status: number, error: string, headers: Record<string, string> = {}): SandboxAnswer {
  return {
    do: 'answer',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ error }),
  }
}

function typeOf(request: IncomingMessage): WebhookType | null {
  const said = request.headers['keyhook-webhook-type']
  return webhookTypes.find((type) => type === said) ?? null
}

function carryOut(answer: SandboxAnswer, response: ServerResponse): void {
  if (answer.do === 'drop') {
    response.destroy()
  } else if (answer.do === 'hang') {
    later(hangMs, response, () => response.destroy())
  } else {
    const { status, headers = {}, body, afterMs } = answer
    const send = () => response.writeHead(status, headers).end(body)
    if (afterMs === undefined) send()
    else later(afterMs, response, send)
  }
}

/** Runs unless the connection ends first. */
function later(afterMs: number, response: ServerResponse, run: () => void): void {
  const timer = setTimeout(run, afterMs)
  response.once('close', () => clearTimeout(timer))
}

/** Calls back with the body; a request that is too large is cut off. */
function readBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  request.on('error', () => {})
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > maxBodyBytes) request.destroy()
    else chunks.push(chunk)
  })
  request.on('end', () => done(Buffer.concat(chunks)))
}

async function listen(server: Server, { host, port }: SandboxOptions): Promise<void> {
  const on = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, host, () => {
        server.removeListener('error', reject)
        resolve()
      })
    })
  // Busy, not for this user, or one above 65535: the sandbox is no reason for the server not to start.
  await on(port).catch(() => on(0))
}
