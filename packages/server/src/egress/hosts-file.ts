import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'

/** Addresses by name, lower case, in the order of the file. */
export type Hosts = ReadonlyMap<string, readonly string[]>

/** Reads the text of a hosts file (hosts(5)). Lines that make no sense are passed over, as the system does. */
export function parseHosts(text: string): Hosts {
  const hosts = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (!address || isIP(address) === 0) continue
    for (const name of names) {
      const key = name.toLowerCase().replace(/\.$/, '')
      hosts.set(key, [...(hosts.get(key) ?? []), address])
    }
  }
  return hosts
}

/** The system's hosts file, read anew after a few seconds so that an edit takes effect. Empty when it cannot be read. */
export function createHostsFile(path = systemHostsFile(), maxAgeMs = 5000): () => Promise<Hosts> {
  let hosts: Promise<Hosts> | null = null
  let readAt = 0
  return () => {
    if (hosts === null || performance.now() - readAt > maxAgeMs) {
      readAt = performance.now()
      hosts = readFile(path, 'utf8').then(parseHosts, () => new Map())
    }
    return hosts
  }
}

function systemHostsFile(): string {
  return process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts'
}
