/**
 * Opens one connection to one vetted address. The name is used for the TLS certificate and for nothing else: no
 * resolver is asked here, and no proxy variable is read.
 */
import { isIP, type NetConnectOpts, connect as netConnect, type Socket } from 'node:net'
import { type SecureContext, connect as tlsConnect } from 'node:tls'
import type { Deadline } from './deadline.ts'
import { DialFailed, tunnelTimedOut } from './dial-failed.ts'
import { canonical, parseAddress } from './ip-range.ts'
import { type EgressProxy, openTunnel } from './proxy.ts'

/** Opens a TCP connection; injected by tests, which record addresses that must not really be dialled. */
export type OpenSocket = (options: NetConnectOpts) => Socket

export type DialTarget = {
  /** As in the URL, without brackets. */
  readonly host: string
  readonly port: number
  /** null: plain http. */
  readonly tls: { readonly secureContext: SecureContext } | null
  /** null: straight to the address. */
  readonly proxy?: EgressProxy | null
}

/** Milliseconds; `tls_ms` null for http. */
export type Dialled = {
  readonly socket: Socket
  readonly address: string
  readonly connect_ms: number
  readonly tls_ms: number | null
}

/** Addresses of a name that are tried. */
const maxAttempts = 4
/** While another address is left, one that swallows packets gets no more than this of the time. */
const impatienceMs = 3000

/**
 * Dials the addresses one after another until one accepts, through a proxy too. Trying the next is safe: nothing of the
 * request was sent yet.
 * Throws `DialFailed` of the last one, or `Expired`.
 */
export async function dial(
  target: DialTarget,
  addresses: readonly string[],
  deadline: Deadline,
  openSocket: OpenSocket = netConnect,
): Promise<Dialled> {
  deadline.phase = 'connect'
  const tried = addresses.slice(0, maxAttempts)
  const startedAt = performance.now()
  let failed: unknown
  for (const [index, address] of tried.entries()) {
    const left = tried.length - index
    const limitMs = left === 1 ? null : Math.min(impatienceMs, deadline.remainingMs / left)
    try {
      const tcp = target.proxy
        ? await connectThrough(target.proxy, address, target.port, limitMs, deadline, openSocket)
        : await connectTcp(address, target.port, limitMs, deadline, openSocket)
      const connectedAt = performance.now()
      const connect_ms = connectedAt - startedAt
      if (target.tls === null) return { socket: tcp, address, connect_ms, tls_ms: null }
      const socket = await handshake(tcp, target.host, target.tls.secureContext, deadline)
      return { socket, address, connect_ms, tls_ms: performance.now() - connectedAt }
    } catch (error) {
      failed = error
      if (!(error instanceof DialFailed) || !error.concernsAddress) throw error
    }
  }
  throw failed
}

function connectTcp(
  address: string,
  port: number,
  limitMs: number | null,
  deadline: Deadline,
  openSocket: OpenSocket,
): Promise<Socket> {
  const socket = openSocket({
    host: address,
    port,
    family: isIP(address),
    autoSelectFamily: false,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    // An IP literal needs no lookup. Should one ever be asked for, it fails instead of reaching DNS.
    lookup: (name, _options, done) => done(new Error(`no lookup of ${name} at this point`), []),
  })
  return settled(socket, 'connect', deadline, limitMs, () => {
    // Gone already: the other side took the connection and dropped it.
    if (socket.remoteAddress === undefined) return new DialFailed('connect', 'ECONNRESET')
    const reached = parseAddress(socket.remoteAddress)
    if (reached !== null && canonical(reached) === address) return null
    return new DialFailed('address', 'ADDRESS_MISMATCH')
  })
}

/** Through the proxy, whose own address the operator answers for; the tunnel leads to the vetted address. */
async function connectThrough(
  proxy: EgressProxy,
  address: string,
  port: number,
  limitMs: number | null,
  deadline: Deadline,
  openSocket: OpenSocket,
): Promise<Socket> {
  const socket = openSocket({ host: proxy.host, port: proxy.port, noDelay: true, keepAlive: true })
  await settled(socket, 'connect', deadline, null, () => null).catch((error: unknown) => {
    throw error instanceof DialFailed ? new DialFailed('proxy', error.code) : error
  })
  return new Promise((resolve, reject) => {
    const timer =
      limitMs === null ? null : setTimeout(() => fail(new DialFailed('proxy', tunnelTimedOut)), limitMs)
    const fail = (error: Error) => {
      if (timer) clearTimeout(timer)
      socket.on('error', () => {}).destroy()
      reject(error)
    }
    const onClose = () => fail(new DialFailed('proxy', 'ECONNRESET'))
    socket.once('close', onClose).once('error', onClose)
    deadline.watch(fail)
    openTunnel(socket, proxy, address, port, (error) => {
      socket.off('close', onClose).off('error', onClose)
      if (error) return fail(error)
      if (timer) clearTimeout(timer)
      resolve(socket)
    })
  })
}

function handshake(
  tcp: Socket,
  host: string,
  secureContext: SecureContext,
  deadline: Deadline,
): Promise<Socket> {
  deadline.phase = 'tls'
  // Its errors come through the TLS socket; without a listener they would end the process as well.
  tcp.on('error', () => {})
  const socket = tlsConnect({
    socket: tcp,
    secureContext,
    // Both: `servername` is SNI, which takes names only; `host` is what the certificate must be for.
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ALPNProtocols: ['http/1.1'],
    // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED cannot turn it off.
    rejectUnauthorized: true,
  })
  return settled(socket, 'secureConnect', deadline, null, () => null)
}

/** The socket once it has said `event` and `check` found nothing; else it is destroyed. */
function settled<Opened extends Socket>(
  socket: Opened,
  event: 'connect' | 'secureConnect',
  deadline: Deadline,
  limitMs: number | null,
  check: () => DialFailed | null,
): Promise<Opened> {
  const stage = event === 'connect' ? 'connect' : 'tls'
  return new Promise((resolve, reject) => {
    const timer =
      limitMs === null ? null : setTimeout(() => finish(new DialFailed(stage, 'ETIMEDOUT')), limitMs)
    const finish = (error: Error | null) => {
      if (timer) clearTimeout(timer)
      socket.off(event, onOpen).off('error', onError).off('close', onClose)
      if (error === null) return resolve(socket)
      // A socket that fails after it was given up must not end the process.
      socket.on('error', () => {}).destroy()
      reject(error)
    }
    const onOpen = () => finish(check())
    const onError = (error: NodeJS.ErrnoException) =>
      finish(new DialFailed(stage, error.code ?? error.message))
    const onClose = () => finish(new DialFailed(stage, 'ECONNRESET'))
    socket.once(event, onOpen).once('error', onError).once('close', onClose)
    deadline.watch(finish)
  })
}
