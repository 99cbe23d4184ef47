/**
 * One open connection to one vetted address. It lives exactly as long as its socket: the undici client on top is given
 * that socket and cannot open another, so nothing is ever sent to an address that was not vetted for it.
 */
import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { Client, type Dispatcher } from 'undici'
import { maxHeaderBytes } from './answer-limits.ts'
import type { AnswerReader } from './answer-reader.ts'
import type { Dialled } from './dial.ts'

/** How long an unused one is kept; a receiver's own `keep-alive` header can change it up to the maximum. */
const idleMs = 4000
const maxIdleMs = 30_000

export class Connection {
  /** Why the socket ended, when it was an error of the network. */
  networkError: Error | null = null
  readonly #oldAt: number
  readonly #socket: Socket
  readonly #client: Client
  #reader: AnswerReader | null = null
  /** Bytes off the wire before the exchange under way. */
  #bytesBefore = 0

  /** After `maxAgeMs` it is not used again, so that a change in DNS is followed. */
  constructor(origin: string, { socket }: Dialled, maxAgeMs: number) {
    this.#socket = socket
    this.#oldAt = performance.now() + maxAgeMs
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // The client ends sockets with errors of its own (UND_ERR_…), also after a complete answer.
      if (error.code?.startsWith('UND_ERR_')) return
      this.networkError = error
      // A broken TLS record is told as an error that no close follows, for which the client would wait. Where one does, it
      // comes first, and the client knows better what it means for the answer.
      const reader = this.#reader
      setImmediate(() => {
        reader?.fail(error)
        socket.destroy()
      })
    })
    socket.on('readable', () => this.#reader?.onWireBytes(socket.bytesRead - this.#bytesBefore))
    let given = false
    this.#client = new Client(origin, {
      connect: (_options, done) => {
        const first = !given
        given = true
        // Not in the same tick: the client would miss that it may send.
        queueMicrotask(() => {
          if (first) done(null, socket)
          else done(new ConnectionEnded(), null)
        })
      },
      pipelining: 1,
      allowH2: false,
      useMilo: false,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: maxIdleMs,
      maxHeaderSize: maxHeaderBytes,
      // The exchange has one deadline for all of it; these watch single steps and are coarse.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    // The client reports errors of handlers this way; ours throws none, and without a listener one would end the process.
    const emitter: EventEmitter = this.#client
    emitter.on('error', () => {})
  }

  /** Whether another exchange may use it. A request that is still being written would mix with the next one. */
  get reusable(): boolean {
    return (
      this.networkError === null &&
      !this.#socket.destroyed &&
      this.#socket.readable &&
      this.#socket.writableLength === 0 &&
      performance.now() < this.#oldAt
    )
  }

  /** The request has not left this machine as a whole. */
  get stillSending(): boolean {
    return this.#socket.writableLength > 0
  }

  onClose(listener: () => void): void {
    this.#socket.once('close', listener)
  }

  dispatch(options: Dispatcher.DispatchOptions, reader: AnswerReader): void {
    this.#reader = reader
    this.#bytesBefore = this.#socket.bytesRead
    this.#client.dispatch(options, reader)
  }

  /** The exchange is over: lets go of its reader, and with that of the body of the answer. */
  rest(): void {
    this.#reader = null
  }

  destroy(): void {
    this.#socket.destroy()
    this.#client.destroy().catch(() => {})
  }
}

/** The client wanted to send on a connection that had ended. */
export class ConnectionEnded extends Error {
  override name = 'ConnectionEnded'
}
