/** Reads one answer off the wire within its limits, as an undici handler. */
import type { HttpAnswer } from '@keyhook/contract/outcome.ts'
import type { Dispatcher } from 'undici'
import {
  bodyTooLarge,
  noMemoryForBody,
  tooManyBodyPieces,
  tooManyInterimAnswers,
  tooManyWireBytes,
} from './answer-findings.ts'
import {
  keptOfFailedBody,
  maxBodyBytes,
  maxBodyPieces,
  maxInterimAnswers,
  maxWireBytes,
  maxWireBytesBeforeBody,
} from './answer-limits.ts'
import type { BodyBudget } from './body-budget.ts'
import { BodyBuffer } from './body-buffer.ts'
import type { Deadline } from './deadline.ts'

type Settle = { readonly done: () => void; readonly failed: (error: Error) => void }

export class AnswerReader implements Dispatcher.DispatchHandler {
  /** The request went to the socket: from here on the receiver may have acted on it. */
  sentAt: number | null = null
  firstByteAt: number | null = null
  #status: number | null = null
  #headers: HttpAnswer['headers'] = []
  #interimAnswers = 0
  #bodyPieces = 0
  #settle: Settle | null
  readonly #body: BodyBuffer
  readonly #deadline: Deadline

  constructor(deadline: Deadline, budget: BodyBudget, settle: Settle) {
    this.#deadline = deadline
    this.#settle = settle
    this.#body = new BodyBuffer(maxBodyBytes, budget)
  }

  /** What was read; null before the headers are there. */
  answer(complete: boolean): HttpAnswer | null {
    if (this.#status === null) return null
    const body = complete ? this.#body.toBytes() : this.#body.toBytes(keptOfFailedBody)
    return { status: this.#status, headers: this.#headers, body }
  }

  get bodyBytes(): number {
    return this.#body.length
  }

  /** To be called when the exchange is over. */
  release(): void {
    this.#body.release()
  }

  /** Told how many bytes came off the wire, those included that no handler sees. */
  onWireBytes(bytes: number): void {
    const inBody = this.#status !== null
    if (bytes > (inBody ? maxWireBytes : maxWireBytesBeforeBody)) this.fail(tooManyWireBytes(inBody))
  }

  /** Stops reading. Only the first word counts, this or the wire's. */
  fail(error: Error): void {
    const settle = this.#settle
    this.#settle = null
    settle?.failed(error)
  }

  onRequestStart(): void {
    // Thrown here, undici drops the request unsent: the exchange ended while it was queued.
    if (this.#settle === null) throw new Error('the exchange is over')
    this.sentAt = performance.now()
    this.#deadline.phase = 'send'
  }

  onRequestSent(): void {
    this.#deadline.phase = 'first_byte'
  }

  onResponseStarted(): void {
    this.firstByteAt ??= performance.now()
    this.#deadline.phase = 'headers'
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.#settle === null) return
    if (status < 200) {
      this.#interimAnswers += 1
      if (this.#interimAnswers > maxInterimAnswers) this.fail(tooManyInterimAnswers())
      return
    }
    this.#deadline.phase = 'body'
    this.#status = status
    this.#headers = headerLines(controller.rawHeaders)
    const announced = this.#headers.find(([name]) => name === 'content-length')?.[1]
    if (Number(announced) > maxBodyBytes) this.fail(bodyTooLarge(announced))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settle === null) return
    this.#bodyPieces += 1
    if (this.#bodyPieces > maxBodyPieces) {
      this.fail(tooManyBodyPieces())
      return
    }
    const became = this.#body.add(chunk)
    if (became !== 'kept') this.fail(became === 'over_limit' ? bodyTooLarge() : noMemoryForBody())
  }

  onResponseEnd(): void {
    const settle = this.#settle
    this.#settle = null
    settle?.done()
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.fail(error)
  }
}

/** Names in lower case; bytes above 0x7F are read as Latin-1, which loses nothing. */
function headerLines(raw: Dispatcher.DispatchController['rawHeaders']): HttpAnswer['headers'] {
  if (!Array.isArray(raw)) return []
  const lines: [string, string][] = []
  for (let index = 0; index + 1 < raw.length; index += 2) {
    lines.push([latin1(raw[index]).toLowerCase(), latin1(raw[index + 1])])
  }
  return lines
}

function latin1(text: Buffer | string | undefined): string {
  return typeof text === 'string' ? text : (text?.toString('latin1') ?? '')
}
