import { connect, type NetConnectOpts, Socket } from 'node:net'
import type { OpenSocket } from '../../src/egress/dial.ts'

/**
 * Records every dial and lets only loopback ones through; all others are refused on the spot, so that no test can
 * reach anything outside this machine.
 */
export function recordDials(): { readonly dialled: string[]; readonly openSocket: OpenSocket } {
  const dialled: string[] = []
  return {
    dialled,
    openSocket: (options: NetConnectOpts) => {
      const host = 'host' in options ? String(options.host) : ''
      dialled.push(host)
      if (host.startsWith('127.') || host === '::1') return connect(options)
      const socket = new Socket()
      const refused = Object.assign(new Error('not dialled in tests'), { code: 'ECONNREFUSED' })
      process.nextTick(() => socket.destroy(refused))
      return socket
    },
  }
}
