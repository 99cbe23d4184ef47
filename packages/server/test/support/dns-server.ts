/**
 * A DNS server for tests, on loopback, over UDP and TCP. It answers A and AAAA from what the test says and keeps count
 * of the questions. Small on purpose: one question a message, names without compression in answers.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, isIPv4, type Socket } from 'node:net'

/** What a name has: addresses of either family, or a CNAME with the addresses of its target. */
export type DnsAnswer =
  | {
      readonly addresses: readonly string[]
      readonly cname?: string
      readonly ttl?: number
      readonly delayMs?: number
    }
  | { readonly rcode: 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' }
  | 'silent'

export type DnsServer = {
  /** `address:port` */
  readonly address: string
  /** Names asked for, one entry a question. */
  readonly questions: string[]
  readonly close: () => Promise<void>
}

const types: ReadonlyMap<number, 'A' | 'AAAA'> = new Map([
  [1, 'A'],
  [28, 'AAAA'],
])
const rcodes = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 }
/** Larger answers are cut over UDP, and asked for again over TCP. */
const maxUdpBytes = 1200

export async function startDnsServer(
  answer: (name: string, type: 'A' | 'AAAA') => DnsAnswer,
): Promise<DnsServer> {
  const questions: string[] = []
  const delays = new Set<NodeJS.Timeout>()
  const tcpSockets = new Set<Socket>()

  function respond(query: Buffer, send: (message: Buffer) => void): void {
    const { name, type, end } = readQuestion(query)
    questions.push(name)
    const found: DnsAnswer = type ? answer(name, type) : { addresses: [] }
    if (found === 'silent') return
    const message = writeAnswer(query.subarray(0, end), type, found)
    const delayMs = 'delayMs' in found ? (found.delayMs ?? 0) : 0
    if (delayMs === 0) {
      send(message)
      return
    }
    const timer = setTimeout(() => {
      delays.delete(timer)
      send(message)
    }, delayMs)
    delays.add(timer)
  }

  const tcp = createServer((socket) => {
    tcpSockets.add(socket)
    socket.on('close', () => tcpSockets.delete(socket)).on('error', () => {})
    socket.on('data', (data) =>
      respond(data.subarray(2), (message) => {
        const length = Buffer.alloc(2)
        length.writeUInt16BE(message.length)
        socket.write(Buffer.concat([length, message]))
      }),
    )
  }).listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  const { port } = tcp.address() as AddressInfo
  const udp = createSocket('udp4')
  udp.on('message', (query, from) =>
    respond(query, (message) =>
      udp.send(message.length > maxUdpBytes ? cut(query, message) : message, from.port, from.address),
    ),
  )
  udp.bind(port, '127.0.0.1')
  await once(udp, 'listening')

  return {
    address: `127.0.0.1:${port}`,
    questions,
    async close() {
      for (const timer of delays) clearTimeout(timer)
      for (const socket of tcpSockets) socket.destroy()
      udp.close()
      tcp.close()
      await Promise.all([once(udp, 'close'), once(tcp, 'close')])
    },
  }
}

function readQuestion(query: Buffer): { name: string; type: 'A' | 'AAAA' | undefined; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: types.get(query.readUInt16BE(at + 1)), end: at + 5 }
}

/** `question` is the query up to the end of its question. */
function writeAnswer(
  question: Buffer,
  type: 'A' | 'AAAA' | undefined,
  found: Exclude<DnsAnswer, 'silent'>,
): Buffer {
  const message = Buffer.from(question)
  const rcode = 'rcode' in found ? rcodes[found.rcode] : 0
  message.writeUInt16BE(0x8180 | rcode, 2)
  const records = 'rcode' in found ? [] : recordsOf(type, found)
  message.writeUInt16BE(records.length, 6)
  message.writeUInt16BE(0, 8)
  message.writeUInt16BE(0, 10)
  return Buffer.concat([message, ...records])
}

function recordsOf(
  type: 'A' | 'AAAA' | undefined,
  found: Extract<DnsAnswer, { addresses: unknown }>,
): Buffer[] {
  const ttl = found.ttl ?? 60
  // 0xC00C points to the name of the question.
  const owner = found.cname ? encodeName(found.cname) : Buffer.from([0xc0, 0x0c])
  const alias = found.cname ? [record(Buffer.from([0xc0, 0x0c]), 5, ttl, encodeName(found.cname))] : []
  const wanted = found.addresses.filter((address) => isIPv4(address) === (type === 'A'))
  return [
    ...alias,
    ...wanted.map((address) => record(owner, type === 'A' ? 1 : 28, ttl, addressBytes(address))),
  ]
}

function record(owner: Buffer, type: number, ttl: number, data: Buffer): Buffer {
  const head = Buffer.alloc(10)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(1, 2)
  head.writeUInt32BE(ttl, 4)
  head.writeUInt16BE(data.length, 8)
  return Buffer.concat([owner, head, data])
}

function encodeName(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]))
  return Buffer.concat([...labels, Buffer.from([0])])
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  // The URL parser writes IPv6 in its short form whatever the spelling, dotted quads included.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (half: string) => half.split(':').filter(Boolean)
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail ?? '')]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

/** The same answer with no records and the truncation bit. */
function cut(query: Buffer, message: Buffer): Buffer {
  const short = Buffer.from(message.subarray(0, readQuestion(query).end))
  short.writeUInt16BE(short.readUInt16BE(2) | 0x0200, 2)
  short.writeUInt16BE(0, 6)
  return short
}
