/**
 * A forward proxy, for networks where nothing else leads out. The operator names it; the proxy variables of the
 * environment are not read. It is asked for the vetted address, never for a name that it would look up by itself.
 */
import { isIPv6, type Socket } from 'node:net'
import { DialFailed } from './dial-failed.ts'

export type EgressProxy = {
  readonly host: string
  readonly port: number
  readonly authorization: string | null
}

/** The most that a proxy may say before the tunnel stands, in bytes. */
const maxAnswerBytes = 8_192

const example = 'an http address without path, for example http://proxy.example.com:3128'

/** `http://user:password@proxy.example.com:3128`. Throws what would be right; the value is not repeated. */
export function parseProxy(text: string): EgressProxy {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 'http:' || url.pathname !== '/' || url.search || url.hash) {
    throw new Error(`it must be ${example}.`)
  }
  const credentials = `${decoded(url.username)}:${decoded(url.password)}`
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 80),
    authorization:
      url.username || url.password ? `Basic ${Buffer.from(credentials).toString('base64')}` : null,
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error(`it must be ${example}; a % in its user name or password is written as %25.`)
  }
}

/** Asks a connected proxy for a tunnel (RFC 9110, 9.3.6). Returns how to stop listening; calls back once. */
export function openTunnel(
  socket: Socket,
  proxy: EgressProxy,
  address: string,
  port: number,
  done: (error: DialFailed | null) => void,
): void {
  const target = `${isIPv6(address) ? `[${address}]` : address}:${port}`
  const authorization = proxy.authorization ? `proxy-authorization: ${proxy.authorization}\r\n` : ''
  let answer = ''
  const finish = (error: DialFailed | null) => {
    // Else it would go on reading with nobody to hear it.
    socket.off('data', onData).pause()
    done(error)
  }
  const onData = (chunk: Buffer) => {
    answer += chunk.toString('latin1')
    const end = answer.indexOf('\r\n\r\n')
    if (end === -1) {
      if (answer.length > maxAnswerBytes) finish(new DialFailed('proxy', 'PROXY_ANSWER_TOO_LONG'))
      return
    }
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1]
    if (status && !status.startsWith('2')) return finish(new DialFailed('proxy', `PROXY_STATUS_${status}`))
    // Whatever follows the answer at once would be taken for TLS or for the receiver's words.
    if (status === undefined || answer.length > end + 4)
      return finish(new DialFailed('proxy', 'PROXY_NOT_HTTP'))
    finish(null)
  }
  socket.on('data', onData)
  socket.write(`CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\n${authorization}\r\n`)
}
